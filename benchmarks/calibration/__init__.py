"""How often the auditor errs, measured on simulated reports: `python -m benchmarks.calibration`."""
