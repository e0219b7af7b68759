"""What we say back: the audit as typed, frozen objects."""
