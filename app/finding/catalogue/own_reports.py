"""Reports that this worker committed itself, until the answer to a question for changes has them too.

They are in memory before anybody asks for them, so an answer may be older than they are. A report of transaction 12 is
put in memory; then comes the answer to a question that was asked just before, of a snapshot that had seen 11: what it
says of that offer is older, and gives way.
"""

from collections.abc import Sequence
from uuid import UUID

from app.finding.catalogue.position import Position
from app.kit.database.sessions import Record


class OwnReports:
    """By offer the newest of them. All are given in the order in which they were committed."""

    def __init__(self) -> None:
        self._rows: dict[UUID, Record] = {}

    def add(self, rows: Sequence[Record], position: Position) -> list[Record]:
        """Notes them; those that are not in memory yet, where all is that `position` has seen.

        What another made of such an offer later has been seen no sooner.
        """
        new = [row for row in rows if position.has_not(row["xid"])]
        self._rows.update((row["subject"], row) for row in new)
        return new

    def others(self, rows: Sequence[Record]) -> list[Record]:
        """Of changes those of offers of which something else changed than what is in memory by `add`."""
        own = self._rows
        changed = {row["subject"] for row in rows if row["xid"] != _transaction(own.get(row["subject"]))}
        return [row for row in rows if row["subject"] in changed]

    def after(self, position: Position) -> list[Record]:
        """Those that `position` has not seen, to be put in memory after what it has; the others are forgotten."""
        self._rows = {subject: row for subject, row in self._rows.items() if position.has_not(row["xid"])}
        return list(self._rows.values())


def _transaction(row: Record | None) -> int | None:
    return None if row is None else row["xid"]
