"""Foreign files of per-example results: one file per format, what it means and what it refuses."""
