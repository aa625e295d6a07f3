"""The figures of places, for whoever asks, beside what is aimed at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.language import Text
from app.insight.answers.questions import Cell, Question
from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, Row, answer
from app.insight.capacity import repository
from app.insight.capacity.definition import CAPACITY, TARGET
from app.insight.capacity.schemas import CapacityQuery
from app.insight.keeping.areas import Area
from app.insight.targets.service import get_target, list_lines, target_of
from app.insight.targets.tables import TargetLineRow
from app.kit.database.sessions import ReadSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller

_BY_LINE: Final = ("region", "supraregion", "provider", "care_type")
_INSTEAD: Final = Text(
    nl="Een streeflijn zegt zelf van welke plekken ze is; laat dit weg, of laat target weg.",
    en="A target line says itself which places it is of; leave this out, or leave target out.",
)


@dataclass(frozen=True, slots=True)
class _GatherSeveral:
    """Gathers the places of several care types; of all where none is named."""

    care_types: tuple[str, ...]

    async def __call__(self, session: ReadSession, question: Question) -> Iterable[Cell]:
        asked = [replace(question, filters={**question.filters, "care-type": each}) for each in self.care_types]
        return [cell for each in asked or [question] for cell in await repository.gather(session, each)]


async def get_capacity(
    session: ReadSession, caller: Caller, query: CapacityQuery | InsightQuery, now: datetime
) -> Answered:
    """What a caller may see of places; see `answers.scopes` for what is refused.

    Beside each figure stands what is aimed at for just that: an area, its care type and provider, or all of them. Of
    several such target lines that of the one added last. A line that counts several care types together is asked for
    by `target`; `NotFoundError` where there is none that the caller may read.
    """
    target = query.target if isinstance(query, CapacityQuery) else None
    if target is not None:
        return await _of_line(session, caller, query, await _line_asked(session, caller, query, target), now)
    answered = await answer(session, caller, CAPACITY, repository.gather, query, now)
    return _with_targets(answered, Area.of(caller), await list_lines(session, caller))


async def _line_asked(session: ReadSession, caller: Caller, query: InsightQuery, target: UUID) -> TargetLineRow:
    names = [name for name in _BY_LINE if getattr(query, name) is not None]
    if names:
        fields = InsightQuery.model_fields
        raise InvalidInputError(
            *(InputError(f"#/query/{fields[name].alias or name}", "not-applicable", _INSTEAD) for name in names)
        )
    return await get_target(session, caller, target)


async def _of_line(
    session: ReadSession, caller: Caller, query: InsightQuery, line: TargetLineRow, now: datetime
) -> Answered:
    """The figures of the places that a line counts; an offer is of one care type, so those of several add up."""
    confined = query.model_copy(
        update={"region": line.region_code, "supraregion": line.supraregion, "provider": line.provider_id}
    )

    answered = await answer(session, caller, CAPACITY, _GatherSeveral(tuple(line.care_types or ())), confined, now)
    return replace(answered, totals=[_beside(row, line) for row in answered.totals])


def _with_targets(answered: Answered, own: Area, lines: Sequence[TargetLineRow]) -> Answered:
    """The answer with what is aimed at; `own` is the area of a caller that names none."""
    query = answered.query
    area = Area(answered.region, None if answered.region else query.supraregion or own.supraregion)
    totals = [_beside(row, _line_for(lines, area, query.care_type, query.provider)) for row in answered.totals]
    items = []
    for row in answered.items:
        of = {"care-type": query.care_type, "provider": str(query.provider) if query.provider else None}
        of[answered.by] = row.code
        where = Area(of.get("region"), of.get("supraregion")) if answered.by in {"region", "supraregion"} else area
        provider = UUID(of["provider"]) if of["provider"] else None
        items.append(_beside(row, _line_for(lines, where, of["care-type"], provider)))
    return replace(answered, totals=totals, items=items)


def _line_for(
    lines: Sequence[TargetLineRow], area: Area, care_type: str | None, provider_id: UUID | None
) -> TargetLineRow | None:
    """The first of the lines that counts just these places."""
    care_types = None if care_type is None else [care_type]
    return next(
        (
            line
            for line in lines
            if Area(line.region_code, line.supraregion) == area
            and line.care_types == care_types
            and line.provider_id == provider_id
        ),
        None,
    )


def _beside(row: Row, line: TargetLineRow | None) -> Row:
    aimed = None if line is None else target_of(line, row.last_day)
    return replace(row, figures=row.figures | {TARGET: aimed})
