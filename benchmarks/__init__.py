"""Measurements of speed and of error rates; run by hand, their results committed."""
