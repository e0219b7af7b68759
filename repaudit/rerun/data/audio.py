"""WAV and FLAC files as arrays, read without trust in what their headers say."""

import struct
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import soundfile

from repaudit.contract.files import MissingFile

MAX_SAMPLES = 10 * 60 * 192_000
"""Largest clip, samples of all channels together: ten minutes at 192 kHz."""
FORMATS = ("WAV", "WAVEX", "FLAC")
UNKNOWN_SIZES = (0, 0xFFFFFFFF)
"""What a recorder writes that does not know the length yet."""


def load_audio(path: Path, shown: str) -> tuple[npt.NDArray[np.float32], int]:
    """Return the samples ``float32[channels, samples]`` (integers over 2^(bits-1)) and the rate.

    Raises ``MissingFile`` for what is no WAV or FLAC, an empty or oversized clip, one whose file
    holds fewer frames than its header says, and samples that are not finite. ``shown`` is the
    path in the message.
    """
    expected = 0
    try:
        _check_header(path, soundfile.info(str(path)), shown)
        with soundfile.SoundFile(str(path)) as audio:
            expected, rate = audio.frames, audio.samplerate
            samples = audio.read(dtype="float32", always_2d=True).T
    except (soundfile.SoundFileError, OSError) as error:
        reason = getattr(error, "error_string", error)
        if expected:
            reason = f"truncated or damaged: not all of its {expected} frames decode ({reason})"
            raise MissingFile(shown, reason) from None
        raise MissingFile(shown, f"cannot be read as audio ({reason})") from None
    if samples.shape[1] != expected:
        raise _truncated(shown, expected, samples.shape[1])
    if not np.isfinite(samples).all():
        raise MissingFile(shown, "holds samples that are not finite")
    return np.ascontiguousarray(samples), int(rate)


def _check_header(path: Path, info: Any, shown: str) -> None:
    """Refuse by what the header says alone, before anything of its size is allocated."""
    if info.format not in FORMATS:
        raise MissingFile(shown, f"expected WAV or FLAC, found {info.format}")
    if info.frames * info.channels > MAX_SAMPLES:
        reason = f"the header says {info.frames} frames of {info.channels} channels"
        raise MissingFile(shown, f"{reason}, more than {MAX_SAMPLES} samples")
    if info.format != "FLAC":
        _check_wav_length(path, shown)
    if info.frames <= 0:
        raise MissingFile(shown, "holds no samples")


def _check_wav_length(path: Path, shown: str) -> None:
    """Refuse a WAV file cut off within its samples, which every decoder reads without a word."""
    with path.open("rb") as stream:
        frame_bytes, declared = _wav_data_chunk(stream)
        held = path.stat().st_size - stream.tell()
    if declared not in UNKNOWN_SIZES and held < declared:
        raise _truncated(shown, declared // frame_bytes, held // frame_bytes)


def _wav_data_chunk(stream: BinaryIO) -> tuple[int, int]:
    """Return bytes per frame and the declared size of the samples; the stream stands on them."""
    stream.seek(12)
    frame_bytes = 1
    while len(head := stream.read(8)) == 8:
        name, size = struct.unpack("<4sI", head)
        if name == b"data":
            return frame_bytes, size
        # Chunks start at even positions.
        end = stream.tell() + size + size % 2
        if name == b"fmt ":
            frame_bytes = max(1, struct.unpack("<12xH", stream.read(14))[0])
        stream.seek(end)
    return frame_bytes, 0


def _truncated(shown: str, declared: int, held: int) -> MissingFile:
    reason = f"the header says {declared} frames, the file holds {held}"
    return MissingFile(shown, f"truncated: {reason}")
