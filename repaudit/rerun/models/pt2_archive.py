"""Take a .pt2 archive apart, check every member, and write a new one from what was checked.

The new archive holds raw tensors and checked JSON only. The pickle of example inputs that every
``torch.export.save`` adds is replaced by an empty member, unread. A second archive, rather than
a check of the first, because two zip readers can disagree about what one file contains.
"""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

from repaudit.rerun.models.errors import ModelError
from repaudit.rerun.models.limits import MAX_BYTES
from repaudit.rerun.models.pt2_graph import Refused, check_graph

MODEL = "models/model.json"
SAMPLE_INPUTS = "data/sample_inputs/model.pt"
CONFIGS = ("data/weights/model_weights_config.json", "data/constants/model_constants_config.json")
TENSOR = re.compile(r"data/(weights/weight|constants/tensor)_\d+")
FIXED = re.compile(r"archive_format|archive_version|byteorder|version|\.data/[\w.]+|\.[\w.]+")
"""members that torch writes about the archive itself: short text, no code"""
MAX_FIXED_BYTES = 4096
HINT = "torch.export.save(torch.export.export(model.eval(), ...), 'model.pt2')"


def rewrite_archive(checkpoint: Path) -> io.BytesIO:
    """Return a new archive of the checked members, ready for ``torch.export.load``.

    Raises ``ModelError`` for a member that does not belong there, a pickled tensor, packed
    members, duplicate names, unpacked size above the cap, and a graph that could run code.
    """
    try:
        with zipfile.ZipFile(checkpoint) as archive:
            return _rewrite(archive)
    except Refused as error:
        raise ModelError(str(checkpoint), error.expected, error.found, HINT) from None
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, RecursionError) as error:
        found = f"a damaged one ({type(error).__name__})"
        raise ModelError(str(checkpoint), "an exported program", found, HINT) from None


def _rewrite(archive: zipfile.ZipFile) -> io.BytesIO:
    members = archive.infolist()
    root = members[0].filename.partition("/")[0] + "/" if members else ""
    names = [member.filename.removeprefix(root) for member in members]
    _check_members(members, names, root)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as checked:
        for member, name in zip(members, names, strict=True):
            raw = b"" if name == SAMPLE_INPUTS else archive.read(member)
            if name == MODEL:
                raw = json.dumps(check_graph(json.loads(raw))).encode()
            elif name in CONFIGS:
                _check_config(json.loads(raw))
            checked.writestr(f"model/{name}", raw)
    content.seek(0)
    return content


def _check_members(members: list[zipfile.ZipInfo], names: list[str], root: str) -> None:
    for member, name in zip(members, names, strict=True):
        known = name in (MODEL, SAMPLE_INPUTS, *CONFIGS) or TENSOR.fullmatch(name)
        small = FIXED.fullmatch(name) and member.file_size <= MAX_FIXED_BYTES
        if not member.filename.startswith(root) or not (known or small):
            raise Refused("one graph and its raw tensors", f"a member {member.filename!r}")
        if member.compress_type != zipfile.ZIP_STORED:
            raise Refused("members that are not packed", f"{member.filename!r}")
    for needed in (MODEL, SAMPLE_INPUTS, *CONFIGS):
        if names.count(needed) != 1:
            raise Refused(f"one member {needed}", f"{names.count(needed)}")
    if len(set(names)) < len(names):
        raise Refused("members of different names", "a name twice")
    if sum(member.file_size for member in members) > MAX_BYTES:
        raise Refused(f"at most {MAX_BYTES} bytes", "more")


def _check_config(config: Any) -> None:
    """Refuse pickled tensors, other objects, and a tensor larger than the cap.

    torch makes up a zero tensor of the declared shape for an empty member, so the shape counts.
    """
    for name, payload in config["config"].items():
        if payload["use_pickle"] is not False or payload["tensor_meta"] is None:
            raise Refused("raw tensors", f"a pickled {name!r}")
        if not re.fullmatch(r"(weight|tensor)_\d+", payload["path_name"]):
            raise Refused("raw tensors", f"{name!r} stored as {payload['path_name']!r}")
        elements = 1
        for size in payload["tensor_meta"]["sizes"]:
            elements *= int(size["as_int"])
        if elements > MAX_BYTES:
            raise Refused(f"at most {MAX_BYTES} elements", f"{elements} in {name!r}")
