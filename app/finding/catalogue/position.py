"""How far a worker has followed the changes: which transactions it has seen."""

import re
from typing import Final, NamedTuple, Self

import numpy as np

from app.domain.arrays import Array

_SHAPE: Final = re.compile(r"([0-9]{1,19}):([0-9]{1,19}):((?:[0-9]{1,19}(?:,[0-9]{1,19})*)?)", re.ASCII)
_END: Final = 2**63  # a change is kept with its transaction as a bigint


class Position(NamedTuple):
    """A PostgreSQL snapshot (pg_snapshot): every transaction before `xmax` has been seen, save the `running` ones.

    All before `xmin` have.
    """

    xmin: int
    xmax: int
    running: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read PostgreSQL's own text of a snapshot; raises ValueError."""
        found = _SHAPE.fullmatch(text)
        if found is None:
            raise ValueError("a snapshot is written as xmin:xmax:xid,xid")
        xmin, xmax, *running = [int(xid) for xid in (found[1], found[2], *found[3].split(",")) if xid]
        if max(xmin, xmax, *running) >= _END:
            raise ValueError("a snapshot is of transactions that can be")
        return cls(xmin, xmax, tuple(running))

    def __str__(self) -> str:
        return f"{self.xmin}:{self.xmax}:{','.join(map(str, self.running))}"

    def covers(self, other: "Position") -> bool:
        """Whether all that the other has seen has been seen here."""
        return other.xmax <= self.xmax and all(xid in other.running for xid in self.running if xid < other.xmax)

    def has_not(self, transaction: int) -> bool:
        """Whether this transaction has not been seen."""
        return transaction >= self.xmax or transaction in self.running

    def brief(self, longest: int) -> str:
        """Its text; where many transactions were running it says that it has seen less, and is never longer."""
        text = str(self)
        return text if len(text) <= longest else f"{self.xmin}:{self.xmin}:"

    def unseen(self, transactions: Array) -> Array:
        """Which of these transactions have not been seen."""
        later: Array = transactions >= self.xmax
        return later | np.isin(transactions, self.running) if self.running else later
