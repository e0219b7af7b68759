"""Whether a committed audit belongs to this very results file, and is one that a gate takes.

What is looked at can be recomputed from the two files. What cannot, is said: an ``audit.json`` is
a text file, and whoever can write it can write any verdict into it.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from repaudit import __version__
from repaudit._core.text import count, shorten
from repaudit.audit.audit import Audit
from repaudit.audit.seal import Seal, sealed
from repaudit.check.rerun import audit_seed
from repaudit.contract.load import Document
from repaudit.contract.positions import pointer_of
from repaudit.contract.results import Results

FORGEABLE = Seal(
    what="the counts of the re-run came from running the declared pipeline",
    status="not_checked",
    reason="an audit.json can be forged by whoever commits it; only a re-run shows that it was not",
)
"""What no gate without a re-run can see."""
MOST_RISK = 0.01
"""Of an audit by sample: the default of ``repaudit check``."""
_CLOCKS = timedelta(hours=1)
"""By which the clocks of two machines may differ."""


def is_of_this_file(audit: Audit, document: Document) -> Seal:
    """Whether the audited file is this one, byte for byte."""
    audited = audit.subject.sha256
    return sealed(
        "the results file is the audited one",
        audited == document.sha256,
        f"sha256 {document.sha256[:12]}…",
        f"the audit is of sha256 {shorten(audited[:12])}…, the file has {document.sha256[:12]}…",
    )


def has_its_seed(audit: Audit, document: Document) -> Seal:
    """Whether the recorded seed is SHA-256(file, nonce), as no author can choose it."""
    what = "its noise follows from the file and the recorded nonce"
    if not re.fullmatch("[0-9a-f]{32}", audit.nonce):
        return sealed(what, False, f"the nonce is {shorten(audit.nonce)}, not 32 digits")
    seed = audit_seed(document.raw, audit.nonce).hex()
    broken = f"the seed of this file and nonce is {seed[:12]}…, the audit's is another"
    return sealed(what, seed == audit.seed, f"nonce {audit.nonce}", broken)


def has_a_version(audit: Audit) -> Seal:
    """Whether the audit says which repaudit made it; another one than this is said."""
    made_by = audit.environment.repaudit
    is_known = re.fullmatch(r"\d+\.\d+\.\d+\S{0,30}", made_by) is not None
    reason = f"repaudit {made_by}"
    if made_by != __version__:
        reason += f", this is {__version__}"
    broken = f"the version is {shorten(made_by)}"
    return sealed("it says what made it", is_known, reason, broken)


def is_recent(audit: Audit, most: timedelta | None, now: datetime) -> Seal:
    """Whether the audit is not older than ``most``, nor from the future."""
    what = "its age" if most is None else f"it is at most {most.days} days old"
    try:
        started = datetime.fromisoformat(audit.started)
    except ValueError:
        return sealed(what, False, f"its day is {shorten(audit.started)}")
    age = now - (started if started.tzinfo else started.replace(tzinfo=UTC))
    reason = f"made {audit.started[:10]}, {count(max(age.days, 0), 'day')} ago"
    if age < -_CLOCKS:
        return sealed(what, False, f"it was made in the future, {audit.started[:10]}")
    return sealed(what, most is None or age <= most, reason)


def has_every_claim(audit: Audit, results: Results) -> Seal:
    """Whether the audit speaks of every number of the file, as printed, and of no other."""
    printed = {
        pointer_of(["evaluations", name, "claims", i]): None if c.value is None else c.value.text
        for name, evaluation in results.evaluations.items()
        for i, c in enumerate(evaluation.claims)
    }
    audited = {
        c.pointer: None if c.declared is None else c.declared.text
        for c in audit.comparisons
        if c.kind == "claim"
    }
    other = [p for p in {**printed, **audited} if printed.get(p, "") != audited.get(p, "")]
    broken = f"{count(len(other), 'claim')} missing or another one, such as {other[:1]}"
    what = "it speaks of every number of the file, as printed"
    return sealed(what, not other, count(len(printed), "claim"), broken)


def is_as_strict(audit: Audit, margins: Mapping[str, float]) -> Seal:
    """Whether the audit used the margins of this gate, and no larger risk than the default."""
    what = "it was made with the margins of this gate"
    if audit.options.margins != dict(margins):
        shown = " ".join(f"--margin {k}={v:g}" for k, v in audit.options.margins.items())
        advice = "give the gate the same ones to take them"
        return sealed(what, False, f"it was made with {shown or 'none'}; {advice}")
    if audit.options.risk > MOST_RISK:
        return sealed(what, False, f"its risk is {audit.options.risk:g}, at most {MOST_RISK:g}")
    return sealed(what, True, "no others" if not margins else "the same")
