"""What an author declares: the results file as typed, frozen objects."""
