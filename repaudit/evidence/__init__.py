"""Counts per example: released by an author, or our own from a re-run."""
