"""The command that runs this audit again, with the same noise."""

import shlex

from repaudit.audit.audit import Audit, Options

_FRACTIONS = ("radius", "geometry", "aliasing")


def reproduce_command(audit: Audit) -> str:
    """Return the command line: same file, same nonce, same options, quoted for a shell."""
    options = audit.options
    words = ["repaudit", "check", audit.subject.path, "--nonce", audit.nonce]
    if options.static:
        words.append("--static")
    else:
        words += _how_much(options)
    if options.falsify:
        words += ["--falsify", *_given("--attempts", options.attempts)]
    words += _given("--confirm", options.confirm) + _given("--party", options.party)
    if options.device != "auto":
        words += ["--device", options.device]
    for name, folder in options.roots.items():
        words += ["--root", f"{name}={folder}"]
    if options.allow_code:
        words.append("--allow-code")
    for option, codes in (("--select", options.select), ("--ignore", options.ignore)):
        words += [option, ",".join(codes)] if codes else []
    for family, margin in options.margins.items():
        words += ["--margin", f"{family}={_margin(family, margin)}"]
    for gate in options.fail_on if options.fail_on != ["error"] else []:
        words += ["--fail-on", gate]
    words += _given("--require", options.require)
    words += _given("--baseline", audit.baseline and audit.baseline.path)
    return shlex.join(words)


def _how_much(options: Options) -> list[str]:
    """Return mode, risk and budget; forwards, because another machine makes more in a minute."""
    words = ["--mode", options.mode]
    if options.mode != "full":
        words += ["--risk", f"{options.risk:g}"]
    if options.budget_forwards is not None:
        words += ["--budget", f"{options.budget_forwards}-forwards"]
    return words


def _given(option: str, value: object) -> list[str]:
    return [] if value is None else [option, str(value)]


def _margin(family: str, margin: float) -> str:
    return f"{margin * 100:.12g}%" if family in _FRACTIONS else f"{margin:.12g}"
