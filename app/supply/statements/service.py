"""The statement of waiting that a provider owes the Nederlandse Zorgautoriteit (NZa) each quarter.

Source: Jeugdwet art. 9a.2 lid 3 and Regeling Jeugdwet art. 8g lid 2 onder b 13° (Stcrt. 2025, 37937): the estimated
waiting times and the number waiting, per form of youth care and per region. The rule says no more than that of how
to count, so this does, in words: see `Figures`, `StatementCompleteness` and `repository`. A form is a care type; the
region is where the help is given, because a report does not say where those who wait live.

The care type and place of an offer are those of now: their past is not kept.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.dates import Quarter
from app.domain.language import Text
from app.kit.database.sessions import ReadSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role
from app.supply.providers.repository import get_provider
from app.supply.statements import repository
from app.supply.statements.repository import Line
from app.supply.statements.schemas import (
    Figures,
    StatementCompleteness,
    StatementLineOut,
    StatementOut,
)

_THIS = Text(nl="Deze kwartaalopgave", en="This statement")
_COUNTS = [name for name in StatementCompleteness.model_fields if name != "share"]


async def get_statement(
    session: ReadSession, caller: Caller, provider_id: UUID, quarter: Quarter, today: date
) -> StatementOut:
    """The statement; `NotFoundError` where it is another provider's, or the quarter has yet to begin."""
    if caller.role is Role.PROVIDER and caller.provider_id != provider_id:
        raise NotFoundError(_THIS)
    provider = await get_provider(session, provider_id)
    if quarter.first_day > today:
        raise NotFoundError(_THIS)
    last_day = min(quarter.last_day, today)
    lines = await repository.list_lines(session, provider_id, quarter.first_day, last_day)
    return StatementOut(
        provider_id=provider.id,
        provider_name=provider.name,
        agb_code=provider.agb_code,
        kvk_number=provider.kvk_number,
        quarter=str(quarter),
        first_day=quarter.first_day,
        last_day=last_day,
        provisional=quarter.last_day >= today,
        completeness=_completeness(lines),
        items=[_line_out(line) for line in lines],
    )


def _line_out(line: Line) -> StatementLineOut:
    figures: dict[str, Any] = {each.name: getattr(line, each.name) for each in fields(line)}
    return StatementLineOut(
        care_type=line.care_type,
        region=line.region,
        figures=Figures(**{name: figures[name] for name in Figures.model_fields}),
        completeness=_completeness([line]),
    )


def _completeness(lines: Sequence[Line]) -> StatementCompleteness:
    counts = {name: sum(getattr(line, name) for line in lines) for name in _COUNTS}
    share = round(counts["offer_days_known"] / counts["offer_days"], 4) if counts["offer_days"] else None
    return StatementCompleteness(**counts, share=share)
