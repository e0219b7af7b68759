"""Audio data sets: the clips of a manifest, verified one by one as they are read."""

from dataclasses import dataclass
from pathlib import Path

import torch

from repaudit.contract.data import Data
from repaudit.contract.files import MissingFile, Places, inside, verify_sha256
from repaudit.contract.manifest import ManifestRow, load_manifest
from repaudit.contract.types import File
from repaudit.rerun.data.audio import load_audio
from repaudit.rerun.data.examples import Dataset, Example, NotAsDeclared
from repaudit.rerun.steps import Signal


@dataclass(frozen=True)
class Clips:
    """The files of a manifest."""

    base: Path
    """folder that no clip may lie outside of"""
    folder: Path
    """folder of the manifest"""
    rows: tuple[ManifestRow, ...]
    sample_rate_hz: int | None
    """declared; None = whatever the files say"""

    def read(self, row: int) -> Signal:
        """Return a clip as ``[1, channels, samples]``, float32, its hash checked.

        Raises ``OutsideFolder``, ``MissingFile``, ``HashMismatch`` or ``NotAsDeclared``.
        """
        declared = self.rows[row]
        path = self._find(declared.path)
        verify_sha256(path, declared.sha256, declared.path)
        samples, rate = load_audio(path, declared.path)
        if self.sample_rate_hz not in (None, rate):
            reason = f"{self.sample_rate_hz} Hz declared, the file has {rate} Hz"
            raise NotAsDeclared(declared.path, reason)
        return Signal(torch.from_numpy(samples)[None], rate)

    def _find(self, relative: str) -> Path:
        base = self.base.resolve()
        try:
            return inside(base, str(self.folder.relative_to(base) / relative))
        except (OSError, RuntimeError) as error:  # a loop of links, a name too long
            raise MissingFile(relative[:200], f"cannot be followed ({error})") from None


def clip_dataset(data: Data, manifest: File, places: Places) -> Dataset:
    """Return the clips of a manifest whose hash is the declared one."""
    path = places.verified(manifest)
    rows = tuple(load_manifest(path, data))
    rate = data.sample_rate_hz if isinstance(data.sample_rate_hz, int) else None
    clips = Clips(places.base(manifest), path.parent, rows, rate)
    examples = tuple(Example(row.example_id, row.label, row.fold) for row in rows)
    return Dataset(examples, tuple(range(len(rows))), clips.read, manifest.path)
