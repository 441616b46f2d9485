"""Keeps many rows aside in pieces: few in memory, many in a temporary file that goes away by itself."""

import pickle
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Any

_IN_MEMORY = 2**20


class Spill:
    """Pieces of anything that can be pickled, read back one at a time, as often as wanted."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._starts: list[int] = []

    def append(self, piece: Any) -> None:
        self._starts.append(self._file.seek(0, 2))
        pickle.dump(piece, self._file, pickle.HIGHEST_PROTOCOL)

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, at: int) -> Any:
        self._file.seek(self._starts[at])
        return pickle.load(self._file)

    def __iter__(self) -> Iterator[Any]:
        return (self[at] for at in range(len(self)))
