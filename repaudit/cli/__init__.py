"""The command line: one command per file, heavy imports inside the commands."""

from repaudit.cli.app import main

__all__ = ["main"]
