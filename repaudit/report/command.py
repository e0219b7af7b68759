"""The command that runs this audit again, with the same noise."""

import shlex

from repaudit.audit.audit import Audit

_FRACTIONS = ("radius", "geometry", "aliasing")


def reproduce_command(audit: Audit) -> str:
    """Return the command line: same file, same nonce, same options, quoted for a shell."""
    options = audit.options
    words = ["repaudit", "check", audit.subject.path, "--nonce", audit.nonce]
    if options.static:
        words.append("--static")
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
    if options.require is not None:
        words += ["--require", options.require]
    return shlex.join(words)


def _margin(family: str, margin: float) -> str:
    return f"{margin * 100:.12g}%" if family in _FRACTIONS else f"{margin:.12g}"
