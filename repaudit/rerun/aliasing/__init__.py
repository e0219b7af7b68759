"""Aliasing: every operation that coarsens the grid, against its own spectrum before it does."""
