"""Everything that was found, as one audit."""

from typing import Any

from repaudit.audit.audit import Audit, Options, Subject
from repaudit.check.budget import DEFAULTS
from repaudit.check.commission import Commission
from repaudit.check.describe import described
from repaudit.check.environment import environment
from repaudit.check.figures import figures
from repaudit.check.find import Found


def assembled(asked: Commission, found: Found, **judged: Any) -> Audit:
    """Return the audit; ``judged`` are its fields that neither holds, by name."""
    return Audit(
        subject=_subject(asked),
        options=_options(asked, found.budget_forwards),
        nonce=asked.nonce,
        seed=asked.seed.hex(),
        environment=environment(found.device, found.plan),
        rules=found.rules,
        findings=found.findings,
        probes=found.probes,
        samples=found.samples,
        measurements=found.measurements,
        contracts=described(asked.results),
        figures=figures(asked.results, found),
        materiality=asked.margins.in_force,
        **judged,
    )


def _options(asked: Commission, forwards: int | None) -> Options:
    options = asked.options
    return Options(
        static=options.static,
        fail_on=list(options.fail_on),
        require=options.require,
        margins=asked.margins.from_command_line,
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


def _subject(asked: Commission) -> Subject:
    results = asked.results
    return Subject(
        path=str(asked.document.path),
        sha256=asked.document.sha256,
        title=results.study.title,
        kind=results.study.kind,
        evaluations=len(results.evaluations),
        claims=sum(len(evaluation.claims) for evaluation in results.evaluations.values()),
    )
