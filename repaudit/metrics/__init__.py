"""One file per metric: counts per example in, a number with its interval out."""
