"""Slow, obvious second implementations. They import nothing of the package under test."""
