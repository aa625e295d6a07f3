"""The draw between equals: numbers that follow from the seed and from ids, the same on every machine.

The draw of an id is the first 8 bytes, as one number (big-endian), of the SHA-256 of the seed as decimal text, a
space and the id, in UTF-8. Whoever has the seed can draw again.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

import numpy as np

from app.domain.arrays import Array

PAIR_BITS: Final = 30
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)


def draw(seed: int, id_: str) -> int:
    """The draw of an id: a number below 2 to the 64th; the lowest goes first."""
    return int.from_bytes(sha256(f"{seed} {id_}".encode()).digest()[:8], "big")


def draws(seed: int, ids: Iterable[str]) -> Array:
    """The draw of each id."""
    return np.array([draw(seed, id_) for id_ in ids], np.uint64)


def pair_draws(of_children: Array, of_offers: Array) -> Array:
    """A number below 2 to the 30th for each pair of a child's and an offer's draw (mixed as by splitmix64)."""
    mixed = of_children ^ (of_offers * _FIRST)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    return (mixed >> np.uint64(64 - PAIR_BITS)).astype(np.int64)
