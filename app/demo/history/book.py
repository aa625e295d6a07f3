"""The rows of dossiers as they come about: each version of those that change, and what is only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, TypeAlias, cast

from sqlalchemy import Table as SqlTable

from app.dossiers.arrangements.tables import ArrangementRow
from app.dossiers.deliveries.tables import DeliveryRow
from app.dossiers.escalations.tables import EscalationRow
from app.dossiers.referrals.tables import DespiteRow, ReferralChildRow, ReferralEventRow, ReferralRow
from app.dossiers.requests.tables import (
    ChoiceVersionRow,
    ExplanationRow,
    JudgementRow,
    ProposalRow,
    ReopeningRow,
    RequestEventRow,
    RequestRow,
)
from app.kit.database.tables import Table
from app.supply.contracts.tables import ContractRow

Values: TypeAlias = Mapping[str, Any]
"""The columns of a row."""

CHANGING: Final[tuple[type[Table], ...]] = (RequestRow, ReferralRow, ReferralChildRow, EscalationRow)
"""Of these the triggers keep every version, in the order in which they refer to each other."""

ADDED: Final[tuple[type[Table], ...]] = (
    ContractRow,
    ArrangementRow,
    ChoiceVersionRow,
    RequestEventRow,
    ExplanationRow,
    ReopeningRow,
    JudgementRow,
    ReferralEventRow,
    DespiteRow,
    ProposalRow,
    DeliveryRow,
)


@dataclass(slots=True)
class Book:
    """What is written: of each row that changes its versions, of other tables the rows.

    `rounds[0]` holds the rows as they were made, `rounds[1]` those that changed as they then became, and so on. A
    child in a referral changes in the same round as the referral, whose moment its version is known by. `changed` are
    the columns of each table that differ between versions.
    """

    rounds: list[dict[type[Table], list[Values]]] = field(default_factory=list)
    changed: dict[type[Table], set[str]] = field(default_factory=lambda: {table: set() for table in CHANGING})
    added: dict[type[Table], list[dict[str, Any]]] = field(default_factory=lambda: {table: [] for table in ADDED})
    _last: dict[Table, Values] = field(default_factory=dict)

    def keep(self, row: Table, number: int) -> None:
        """Keeps a row as it is now, as its version of this number, the first of which is 0."""
        while len(self.rounds) <= number:
            self.rounds.append({table: [] for table in CHANGING})
        table, own = type(row), vars(row)
        values = {name: own.get(name, default) for name, default in columns_of(table).items()}
        self.rounds[number][table].append(values)
        before = self._last.get(row, values)
        self.changed[table].update(name for name in values if before[name] != values[name])
        self._last[row] = values

    def add(self, table: type[Table], **values: Any) -> dict[str, Any]:
        """Adds a row of which no version is kept; its values, which may change until it is written."""
        self.added[table].append(values)
        return values


@cache
def columns_of(table: type[Table]) -> dict[str, Any]:
    """The columns that a row is written with, and what each has where nothing is said."""
    columns = cast("SqlTable", table.__table__).columns
    return {each.name: _default(each.default) for each in columns if each.computed is None}


def _default(default: Any) -> Any:
    return default.arg if default is not None and default.is_scalar else None
