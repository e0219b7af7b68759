"""What is to be audited, and how: fixed before anything is looked at."""

from dataclasses import dataclass
from pathlib import Path

from repaudit.audit.load import load_audit
from repaudit.check.options import CheckOptions, checked_nonce
from repaudit.check.rerun import audit_seed, journal_nonce
from repaudit.contract.files import Places
from repaudit.contract.load import Document, load_results
from repaudit.contract.results import Results
from repaudit.rules import chosen_rules
from repaudit.verdicts import Margins


@dataclass(frozen=True)
class Commission:
    """One audit to be made."""

    results: Results
    document: Document
    options: CheckOptions
    margins: Margins
    nonce: str
    """32 hexadecimal digits"""

    @property
    def seed(self) -> bytes:
        """The audit's 32 bytes, from which all its noise and choices follow."""
        return audit_seed(self.document.raw, self.nonce)

    @property
    def places(self) -> Places:
        """Where the files of the results file may lie."""
        return Places(self.document.path.parent, self.options.roots)

    @property
    def chosen(self) -> frozenset[str] | None:
        """The rules that may run; None = all."""
        chosen = chosen_rules(self.options.select, self.options.ignore)
        return None if chosen is None else frozenset(chosen)


def commission(path: Path, options: CheckOptions) -> Commission:
    """Return the audit of a results file that the options ask for.

    Raises ``InputError`` or ``ContractError`` when the file or an option cannot be used.
    """
    results, document = load_results(path)
    if options.confirm is not None:
        load_audit(options.confirm)  # refused now, not after an hour
    margins = Margins.of(results.materiality, options.margins)
    return Commission(results, document, options, margins, _nonce(options))


def _nonce(options: CheckOptions) -> str:
    """Return the nonce that was given, else that of the run gone on with, else a fresh one."""
    if options.nonce is None and options.resume and options.out is not None:
        return checked_nonce(journal_nonce(options.out))
    return checked_nonce(options.nonce)
