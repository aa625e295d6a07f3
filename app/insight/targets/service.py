"""Target lines: how many places a region or supraregion aims at over time, against which the real ones are held.

Source: the regional plan of Zuidwest (2021): 235 secure places, to at most 100 by the end of 2024.
"""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.domain.language import Text
from app.insight.keeping import service as keeping
from app.insight.keeping.kinds import Kind
from app.insight.keeping.service import Version
from app.insight.targets import repository
from app.insight.targets.line import Point, target_on
from app.insight.targets.schemas import TargetIn, TargetOut, TargetPatch, TargetPoint, TargetQuery
from app.insight.targets.tables import TargetLineRow, TargetLineVersionRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.supply.providers.repository import check_named_provider


def target_out(row: TargetLineRow) -> TargetOut:
    """A target line's row as it goes over the wire."""
    return TargetOut.model_construct(
        **keeping.kept_fields(row),
        title=row.title,
        source=row.source,
        care_types=row.care_types,
        provider_id=row.provider_id,
        bound=row.bound,
        points=[TargetPoint.model_validate(each) for each in row.points],
    )


TARGETS: Final = Kind(
    TargetLineRow, TargetLineVersionRow, Text(nl="Deze streeflijn", en="This target line"), target_out
)


async def list_targets(
    session: ReadSession, caller: Caller, query: TargetQuery, key: list[Any] | None
) -> list[TargetLineRow]:
    """The target lines that the caller may read, the oldest first; after `key` (when it was added, id), and one more
    than the page."""
    areas = await keeping.readable_areas(session, caller)
    return await repository.list_targets(session, TARGETS, areas, query, key)


async def list_lines(session: ReadSession, caller: Caller) -> list[TargetLineRow]:
    """The target lines that the caller may read and that hold, the last added first."""
    return await repository.list_lines(session, TARGETS, await keeping.readable_areas(session, caller))


def target_of(line: TargetLineRow, day: date) -> float | None:
    """How many places a line aims at on a day, to two decimals; None before its first point."""
    aimed = target_on([Point(date.fromisoformat(each["on"]), each["places"]) for each in line.points], day)
    return None if aimed is None else round(aimed, 2)


async def get_target(session: ReadSession, caller: Caller, target_id: UUID) -> TargetLineRow:
    """A target line that the caller may read, also after it was withdrawn; `NotFoundError` where there is none."""
    return await keeping.get_kept(session, caller, TARGETS, target_id)


async def add_target(session: WriteSession, caller: Caller, body: TargetIn, now: datetime) -> TargetLineRow:
    """A target line of the caller's own plan; `InvalidInputError` where it names a provider that does not exist."""
    await _check_provider(session, body.provider_id)
    return await keeping.add_kept(session, caller, TARGETS, _values(body), now)


async def change_target(
    session: WriteSession, caller: Caller, target_id: UUID, body: TargetPatch, if_match: str | None, now: datetime
) -> TargetLineRow:
    """Changes what the body names of a target line of the caller's own plan."""
    await _check_provider(session, body.provider_id)
    return await keeping.change_kept(session, caller, TARGETS, target_id, _values(body, only_set=True), if_match, now)


async def withdraw_target(
    session: WriteSession, caller: Caller, target_id: UUID, why: str, if_match: str | None, now: datetime
) -> None:
    """Withdraws a target line of the caller's own plan: it is kept, and nothing is held against it any more."""
    await keeping.withdraw_kept(session, caller, TARGETS, target_id, why, if_match, now)


async def list_history(
    session: ReadSession, caller: Caller, target_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[Version]:
    """Who changed what of a target line, from the first on; after `key` (version), and one more than the page."""
    return await keeping.list_history(session, caller, TARGETS, target_id, query, key)


async def _check_provider(session: WriteSession, provider_id: UUID | None) -> None:
    if provider_id is not None:
        await check_named_provider(session, provider_id)


def _values(body: TargetIn | TargetPatch, *, only_set: bool = False) -> dict[str, Any]:
    values = body.values(exclude_unset=only_set)
    return values | ({"points": [each.model_dump(mode="json") for each in body.points]} if body.points else {})
