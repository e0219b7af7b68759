"""Arrays in, arrays out: the numerical ground of the audit. Knows no results file."""
