"""What is noted of callers, such as how often each asked: a record of three numbers by key.

The workers of one machine share theirs in a map in memory (LMDB), so that a limit holds whichever of them is asked; a
change takes some 10 microseconds and no connection. A machine that starts anew has noted nothing: no more than a
window of a limit is lost. Several machines each note their own.
"""

import struct
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Final, Protocol

import lmdb
from cachetools import LRUCache

Record = tuple[float, float, float]
Change = Callable[[Record | None], Record | None]
"""Of what is noted under a key, or None, makes what is to be noted; None leaves it as it is."""

_MOST: Final = 100_000
"""Keys that one worker notes alone; who was not seen for longest is forgotten."""
_PLACES: Final = 2**18
"""Of the shared map, so that it never grows past some 20 MB; a key takes the place of another that has the same."""
_BYTES: Final = 64 * 1024 * 1024
_FORM: Final = struct.Struct("<8s3d")


class Records(Protocol):
    """Where records are."""

    def change(self, key: str, make: Change) -> None:
        """Has what is noted under a key changed, with nobody else in between."""


class OwnRecords:
    """The records of one worker that is the only one."""

    def __init__(self) -> None:
        self._records: LRUCache[str, Record] = LRUCache(_MOST)

    def change(self, key: str, make: Change) -> None:
        """As `Records`."""
        made = make(self._records.get(key))
        if made is not None:
            self._records[key] = made


class SharedRecords:
    """The records of all workers of a machine, in a folder that they share; /dev/shm is in memory."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._map = lmdb.open(str(folder), map_size=_BYTES, sync=False, metasync=False, writemap=True, max_readers=512)

    def change(self, key: str, make: Change) -> None:
        """As `Records`."""
        digest = blake2b(key.encode(), digest_size=12).digest()
        name, place = digest[:8], (int.from_bytes(digest[8:]) % _PLACES).to_bytes(3)
        with self._map.begin(write=True) as transaction:
            kept = transaction.get(place)
            owner, *numbers = _FORM.unpack(kept) if kept else (b"", 0.0, 0.0, 0.0)
            made = make((numbers[0], numbers[1], numbers[2]) if owner == name else None)
            if made is not None:
                transaction.put(place, _FORM.pack(name, *made))


def records_in(folder: Path | None) -> Records:
    """The records in a folder that workers share, or without one this worker's own."""
    return OwnRecords() if folder is None else SharedRecords(folder)
