"""Contracts as rows, by the region whose children they cover."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

import numpy as np

from app.finding.catalogue.records import care_type_mask, numbers
from app.kit.database.sessions import Record
from app.ranking.columns import CONTRACT, Array, contract_row
from app.ranking.model import CONTRACT_KINDS, Contract

TERM: Final = np.dtype(
    [
        *CONTRACT.descr,  # its position is filled in where the candidates are known
        ("region", "i2"),
        ("municipality", "i2"),  # 0: all of the region
        ("provider", "i4"),
        ("care_types", "u8"),
    ]
)


def terms_of(contracts: Iterable[Record], providers: dict[UUID, int]) -> Array:
    """A row for each region and each municipality that a contract names; `providers` gives their numbers."""
    return np.array([row for each in contracts for row in _rows(each, providers[each["provider_id"]])], TERM)


def _rows(row: Record, provider: int) -> Iterator[tuple[Any, ...]]:
    """Those that this version knows: nobody can ask it for another region, nor can it rank another kind."""
    known = numbers()
    if row["kind"] not in CONTRACT_KINDS:
        return
    contract = Contract(
        kind=row["kind"],
        starts_on=row["valid_from"],
        ends_on=row["valid_to"],
        ceiling_reached=row["ceiling_reached"],
        ceiling_exempts_measure=row["ceiling_exempts_measure"],
    )
    common, mask = contract_row(0, contract), care_type_mask(row["care_types"])
    for region in [known.regions[code] for code in row["regions"] if code in known.regions]:
        yield (*common, region, 0, provider, mask)
    for number in [known.municipalities[code] for code in row["municipalities"] if code in known.municipalities]:
        yield (*common, known.region_of[number], number, provider, mask)


class Terms:
    """All contracts that are known."""

    def __init__(self, rows: Array) -> None:
        self._by_region = self._split(rows)

    @staticmethod
    def _split(rows: Array) -> dict[int, Array]:
        rows = rows[np.argsort(rows["region"], kind="stable")]
        regions, starts = np.unique(rows["region"], return_index=True)
        parts = np.split(rows, starts[1:])
        return {region: part.copy() for region, part in zip(regions.tolist(), parts, strict=False)}

    def replace(self, provider: int, rows: Array) -> None:
        """Puts these rows in the place of the provider's own."""
        new = self._split(rows)
        for region in self._by_region.keys() | new.keys():
            old = self._by_region.get(region, _NONE)
            kept = old[old["provider"] != provider]
            if region in new or len(kept) < len(old):
                self._by_region[region] = np.concatenate([kept, new.get(region, _NONE)])

    def of(self, region: int, care_type: int) -> Array:
        """The rows that cover children of the region for that care type."""
        rows = self._by_region.get(region, _NONE)
        covering: Array = rows[(rows["care_types"] >> np.uint64(care_type)) & np.uint64(1) == 1]
        return covering


_NONE: Final = np.empty(0, TERM)
