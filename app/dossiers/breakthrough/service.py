"""The breakthrough list: the children who wait longer than the norm allows, and what could be done for each."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.access.repository import list_names
from app.domain.dates import YearMonth, dutch_day, whole_years
from app.domain.language import Language, Text
from app.dossiers.arrangements.service import exceptions_of
from app.dossiers.breakthrough.schemas import OverNorm
from app.dossiers.referrals.refusals import earlier_declines, list_refusals
from app.dossiers.referrals.schemas import Refusal
from app.dossiers.requests.match_request import match_request_of
from app.dossiers.requests.repository import list_over_norm
from app.dossiers.requests.tables import RequestRow
from app.dossiers.requests.views import Context, context_of, shown
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.schemas import OfferException
from app.finding.matching.service import match
from app.kit.database.sessions import ReadSession
from app.kit.errors import ForbiddenError
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference

_MOST = 3
"""Offers and alternatives of each child: enough to call about."""


async def list_over(
    session: ReadSession,
    caller: Caller,
    *,
    today: date,
    region: str | None,
    limit: int,
    key: list[Any] | None,
) -> list[RequestRow]:
    """At most `limit` requests over the norm, the longest first; `ForbiddenError` for another region's children."""
    if caller.role is Role.REGION and region not in {None, caller.region}:
        raise ForbiddenError(
            Text(
                nl=f"Een expertteam ziet de kinderen van zijn eigen regio ({caller.region}).",
                en=f"An expert team sees the children of its own region ({caller.region}).",
            )
        )
    return await list_over_norm(session, caller, today=today, region=region, limit=limit, key=key)


async def show(
    session: ReadSession,
    catalogue: Catalogue,
    caller: Caller,
    rows: Sequence[RequestRow],
    now: datetime,
    language: Language,
) -> dict[UUID, dict[str, Any]]:
    """Requests by id in the shape of `schemas.Breakthrough`, each with what the ranking finds for it now."""
    context = await context_of(session, rows)
    names = await list_names(session, {row.organisation_id for row in rows})
    refusals = await list_refusals(session, [row.id for row in rows])
    exceptions = await exceptions_of(session, [row.id for row in rows], dutch_day(now))
    found = {}
    for row in rows:
        about = _about(row, caller, context, names.get(row.organisation_id), refusals[row.id], now, language)
        found[row.id] = {
            **about.model_dump(mode="json"),
            **_possible(catalogue, row, context, refusals[row.id], exceptions[row.id], now, language),
        }
    return found


def _about(
    row: RequestRow,
    caller: Caller,
    context: Context,
    organisation: str | None,
    refusals: list[Refusal],
    now: datetime,
    language: Language,
) -> OverNorm:
    today = dutch_day(now)
    fields = shown(row, context, today, language)
    since = row.norm_red_from or today
    return OverNorm.model_construct(
        request_id=row.id,
        child_reference=row.child_reference if caller.role is not Role.REGION else None,
        organisation_id=row.organisation_id,
        organisation=organisation,
        region=row.region_code,
        municipality=row.municipality_code,
        age=whole_years(YearMonth.parse(row.birth_month), today),
        status=fields["status"],
        over_norm_since=since,
        days_over=(today - since).days + 1,
        clocks=[clock for clock in fields["clocks"] if clock.light == "red"],
        escalated_to=fields["escalated_to"],
        choices=fields["choices"],
        needs=row.needs,
        refusals=refusals,
    )


def _possible(
    catalogue: Catalogue,
    row: RequestRow,
    context: Context,
    refusals: list[Refusal],
    exceptions: list[OfferException],
    now: datetime,
    language: Language,
) -> dict[str, Any]:
    """What fits the child now, and what would; nothing where its municipality is no more."""
    if row.municipality_code not in reference().municipalities:
        return {"results": [], "alternatives": []}
    declines, today = earlier_declines(refusals), dutch_day(now)
    body = match_request_of(row, context.siblings, today, "timely-first", _MOST, declines, exceptions)
    answer = match(catalogue, body, now, language, explain_all=False)
    return {"results": answer["results"], "alternatives": answer["alternatives"]}
