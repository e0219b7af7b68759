"""Numbers of the audit as shapes: pure functions, every coordinate a share of the plot."""
