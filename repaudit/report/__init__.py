"""The audit as a reader meets it: pure functions from ``Audit`` to text, no clock, no files."""
