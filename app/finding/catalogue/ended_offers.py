"""Offers that are no longer given: what those who follow the changes have to hear of as well."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from app.finding.catalogue.position import Position

MOST_KEPT: Final = 10_000


class EndedOffers:
    """Offers that ended, each with the transactions of which one ended it; all since transaction `known_from`."""

    def __init__(self, known_from: int) -> None:
        self.known_from = known_from
        self._transactions: dict[str, Collection[int]] = {}

    def note(self, offer_id: UUID, transactions: Collection[int]) -> None:
        """An offer that is no longer given."""
        if len(self._transactions) >= MOST_KEPT:
            self.known_from = 1 + max(max(each) for each in self._transactions.values())
            self._transactions.clear()
        self._transactions[str(offer_id)] = transactions

    def since(self, seen: Position) -> set[str]:
        """Those that ended since that had been seen; some may be given again."""
        return {id_ for id_, xids in self._transactions.items() if any(seen.has_not(xid) for xid in xids)}
