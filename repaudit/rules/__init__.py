"""File rules: one file per rule, the folder is the registry, the docstring is the page."""

from repaudit.rules._chosen import chosen_rules
from repaudit.rules._rule import Case, Hit
from repaudit.rules._run import run_rules

__all__ = ["Case", "Hit", "chosen_rules", "run_rules"]
