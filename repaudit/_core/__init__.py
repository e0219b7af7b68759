"""Ground floor: errors, files of our own, text; knows no domain."""
