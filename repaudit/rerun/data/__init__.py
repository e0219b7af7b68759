"""The declared data as signals: manifests of audio files, and arrays."""

from repaudit.rerun.data.audio import load_audio
from repaudit.rerun.data.dataset import load_dataset
from repaudit.rerun.data.examples import Dataset, Example, NotAsDeclared

__all__ = ["Dataset", "Example", "NotAsDeclared", "load_audio", "load_dataset"]
