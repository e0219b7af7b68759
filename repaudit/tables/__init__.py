"""The compliant table: an author's numbers with what they certify, whatever else was selected."""
