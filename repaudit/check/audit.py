"""One audit: declared, recomputed, measured, compared, said."""

import time
from datetime import UTC, datetime
from pathlib import Path

from repaudit.audit.audit import Audit, Options, Subject
from repaudit.audit.comparison import Comparison
from repaudit.audit.load import load_audit
from repaudit.check.budget import DEFAULTS
from repaudit.check.describe import described
from repaudit.check.environment import environment
from repaudit.check.explain import with_explanations
from repaudit.check.figures import figures
from repaudit.check.find import Found, find
from repaudit.check.ladder import attacked, climbed
from repaudit.check.options import CheckOptions, checked_nonce
from repaudit.check.positions import by_severity, located
from repaudit.check.rerun import audit_seed, discard_journal, journal_nonce
from repaudit.contract.load import Document, load_results
from repaudit.contract.results import Results
from repaudit.verdicts import Margins, compare, ending


def check(path: Path, options: CheckOptions | None = None) -> Audit:
    """Audit a results file and return everything there is to say about it.

    Raises ``InputError`` or ``ContractError`` (exit 2) when the file or an option cannot be used
    and ``MissingPart`` (exit 3) when a device that was asked for is not there. Whatever else
    cannot be checked is ``not_checked`` in the audit, with its reason.
    """
    options = options or CheckOptions()
    started, clock = datetime.now(UTC), time.monotonic()
    results, document = load_results(path)
    if options.confirm is not None:
        load_audit(options.confirm)  # refused now, not after an hour
    margins = Margins.of(results.materiality, options.margins)
    nonce = _nonce(options)
    seed = audit_seed(document.raw, nonce)
    found = find(results, document, nonce, options, margins)
    comparisons = _comparisons(results, found, margins, seed)
    comparisons = with_explanations(comparisons, found, seed)
    comparisons = located(document, comparisons)
    attacks = attacked(results, document, found, seed, options)
    findings = by_severity(located(document, found.findings))
    here = environment(found.device, found.plan)
    levels, level = climbed(
        results, document, nonce, here, found, findings, comparisons, attacks, options
    )
    end = ending(
        findings,
        comparisons,
        levels,
        options.fail_on,
        options.require,
        static=options.static,
        has_evidence=bool(found.recomputed),
    )
    audit = Audit(
        subject=_subject(results, document),
        options=_options(options, margins, found.budget_forwards),
        nonce=nonce,
        seed=seed.hex(),
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - clock, 3),
        environment=here,
        rules=found.rules,
        findings=findings,
        probes=found.probes,
        samples=found.samples,
        falsifications=attacks,
        measurements=found.measurements,
        contracts=described(results),
        figures=figures(results, found),
        comparisons=comparisons,
        levels=levels,
        level=level,
        materiality=margins.in_force,
        exit_code=end.exit_code,
        exit_reason=end.reason,
    )
    if not options.static:
        discard_journal(options)
    return audit


def _nonce(options: CheckOptions) -> str:
    """Return the nonce that was given, else that of the run gone on with, else a fresh one."""
    if options.nonce is None and options.resume and options.out is not None:
        return checked_nonce(journal_nonce(options.out))
    return checked_nonce(options.nonce)


def _comparisons(results: Results, found: Found, margins: Margins, seed: bytes) -> list[Comparison]:
    return compare(
        results,
        recomputed=found.recomputed,
        measured=found.measured,
        margins=margins,
        no_counts=found.no_counts,
        no_rerun=found.no_rerun,
        contradicted=found.proved_errors,
        sampled=found.sampled,
        seed=int.from_bytes(seed[:8]),
    )


def _options(options: CheckOptions, margins: Margins, forwards: int | None) -> Options:
    return Options(
        static=options.static,
        fail_on=list(options.fail_on),
        require=options.require,
        margins=margins.from_command_line,
        device=options.device,
        roots={name: str(folder) for name, folder in options.roots.items()},
        allow_code=options.allow_code,
        mode=options.mode,
        risk=options.risk,
        budget=options.budget or DEFAULTS[options.mode],
        budget_forwards=forwards,
        falsify=options.falsify,
        attempts=options.attempts,
        confirm=None if options.confirm is None else str(options.confirm),
        party=options.party,
        select=list(options.select),
        ignore=list(options.ignore),
    )


def _subject(results: Results, document: Document) -> Subject:
    return Subject(
        path=str(document.path),
        sha256=document.sha256,
        title=results.study.title,
        kind=results.study.kind,
        evaluations=len(results.evaluations),
        claims=sum(len(evaluation.claims) for evaluation in results.evaluations.values()),
    )
