"""The reporting standard for randomized-smoothing certificates, and its auditor."""

__version__ = "0.1.0"
