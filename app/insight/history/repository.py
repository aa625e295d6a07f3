"""Statements on versions of dossiers, and on what is made of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias, TypeVar
from typing import cast as cast_type
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    SQLColumnExpression,
    Table,
    and_,
    cast,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import aliased

from app.access.tables import OrganisationRow
from app.domain.dates import AMSTERDAM, dutch_day
from app.dossiers.referrals.tables import DespiteRow, ReferralEventRow
from app.dossiers.requests.tables import ExplanationRow, JudgementRow, ReopeningRow
from app.insight.answers.definitions import Source
from app.insight.answers.tables import InsightSourceRow
from app.insight.history.dossiers import Explained, Judgement, Place, Reopening
from app.insight.history.recorded import At, Recorded
from app.insight.history.tables import DossierVersionRow, KnownEscalationRow, KnownReferralRow, NeedRow
from app.insight.history.timeline import Stretch
from app.kit.database.sessions import ReadSession, WriteSession
from app.reference.lists import reference
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import LocationRow

Derived: TypeAlias = type[NeedRow] | type[KnownReferralRow] | type[KnownEscalationRow]
_KEYS: Mapping[Derived, str] = {
    NeedRow: "number",
    KnownReferralRow: "referral_id",
    KnownEscalationRow: "escalation_id",
}
"""Which of its request's rows of a table one is of."""
SaidRow = TypeVar("SaidRow", ReopeningRow, JudgementRow, ExplanationRow)
_ANSWERS = ("accept", "waitlist", "decline", "correct")
_REFERRERS = {"gi": "04", "local-team": "01"}
_UNKNOWN_REFERRER = "07"


async def hold_source(session: WriteSession, source: Source) -> InsightSourceRow:
    """The row of a source, held until the transaction ends."""
    return (
        await session.scalars(select(InsightSourceRow).where(InsightSourceRow.source == source).with_for_update())
    ).one()


async def first_version_at(session: WriteSession) -> datetime | None:
    """The moment of the first version."""
    return await session.scalar(select(func.min(DossierVersionRow.at)))


async def list_changes(session: WriteSession, after: datetime, until: datetime) -> dict[UUID, list[date]]:
    """The requests of which something was recorded in that time (`until` is in it), by id, each with the Dutch days."""
    version, child = DossierVersionRow, aliased(DossierVersionRow)
    of_referrals = (
        select(child.request_id, _day(version.at))
        .join(child, and_(child.kind == "child", child.row_id == version.row_id))
        .where(version.kind == "referral", version.at > after, version.at <= until)
    )
    own = select(version.request_id, _day(version.at)).where(
        version.kind != "referral", version.at > after, version.at <= until
    )
    said = [
        select(table.request_id, _day(table.at)).where(table.at > after, table.at <= until)
        for table in (ExplanationRow, JudgementRow, ReopeningRow)
    ]
    days: dict[UUID, list[date]] = defaultdict(list)
    for request_id, day in await session.execute(own.union(of_referrals, *said).order_by(text("1, 2"))):
        days[request_id].append(day)
    return days


def _day(moment: SQLColumnExpression[datetime]) -> ColumnElement[date]:
    """The Dutch day of a moment."""
    return cast(func.timezone(AMSTERDAM.key, moment), Date)


async def list_recorded(session: WriteSession, ids: Collection[UUID], until: datetime) -> Recorded:
    """What was recorded of these requests by that moment."""
    recorded = Recorded()
    await _add_own(session, recorded, ids, until)
    referrals = {referral_id for children in recorded.children.values() for referral_id in children}
    await _add_referrals(session, recorded, referrals, until)
    await _add_said(session, recorded, ids, until)
    facts = [each.said for versions in recorded.referrals.values() for each in versions]
    recorded.places = await _places(session, {UUID(each["offer_id"]) for each in facts if each["offer_id"]})
    organisations = {UUID(each.said["organisation_id"]) for versions in recorded.requests.values() for each in versions}
    roles = await _roles(session, organisations)
    recorded.referrers = {each: _REFERRERS.get(roles.get(each, ""), _UNKNOWN_REFERRER) for each in organisations}
    return recorded


async def _add_own(session: WriteSession, recorded: Recorded, ids: Collection[UUID], until: datetime) -> None:
    """Adds the versions of requests, of their children in referrals, and of their escalations."""
    row = DossierVersionRow
    statement = (
        select(row.kind, row.request_id, row.row_id, row.at, row.facts)
        .where(row.request_id.in_(ids), row.kind != "referral", row.at <= until)
        .order_by(row.id)
    )
    for kind, request_id, row_id, at, facts in await session.execute(statement):
        if kind == "request":
            recorded.requests[request_id].append(At(at, facts))
        else:
            of_kind = recorded.children if kind == "child" else recorded.escalations
            of_kind[request_id][row_id].append(At(at, facts))


async def _add_referrals(session: WriteSession, recorded: Recorded, ids: Collection[UUID], until: datetime) -> None:
    """Adds the versions of referrals, the providers' answers to them, and what was said in spite of which."""
    row, event, despite = DossierVersionRow, ReferralEventRow, DespiteRow
    versions = select(row.row_id, row.at, row.facts).where(row.kind == "referral", row.row_id.in_(ids))
    for referral_id, at, facts in await session.execute(versions.where(row.at <= until).order_by(row.id)):
        recorded.referrals[referral_id].append(At(at, facts))
    answers = select(event.referral_id, event.at, event.decision, event.details).where(event.decision.in_(_ANSWERS))
    known = answers.where(event.referral_id.in_(ids), event.at <= until).order_by(event.id)
    for referral_id, at, decision, details in await session.execute(known):
        recorded.answers[referral_id].append((at, decision, details))
    reasons = select(despite.referral_id, despite.at, despite.reason).where(despite.referral_id.in_(ids))
    for referral_id, at, reason in await session.execute(reasons.where(despite.at <= until).order_by(despite.id)):
        recorded.despite[referral_id].append(At(at, reason))


async def _add_said(session: WriteSession, recorded: Recorded, ids: Collection[UUID], until: datetime) -> None:
    """Adds what was said of requests, in the order in which it counts."""
    reopening, judgement, explanation = ReopeningRow, JudgementRow, ExplanationRow
    for again in await session.scalars(_said(reopening, ids, until).order_by(reopening.number)):
        recorded.reopenings[again.request_id].append(At(again.at, Reopening(again.needed_again_on, again.helped_on)))
    for judged in await session.scalars(_said(judgement, ids, until).order_by(judgement.on, judgement.id)):
        recorded.judgements[judged.request_id].append(At(judged.at, Judgement(judged.by, judged.fits, judged.on)))
    for why in await session.scalars(_said(explanation, ids, until).order_by(explanation.id)):
        recorded.explained[why.request_id].append(At(why.at, Explained(why.clock, why.cause, dutch_day(why.at))))


def _said(table: type[SaidRow], ids: Collection[UUID], until: datetime) -> Select[SaidRow]:
    return select(table).where(table.request_id.in_(ids), table.at <= until)


async def _places(session: WriteSession, offers: Collection[UUID]) -> dict[UUID, Place]:
    """Where offers are by their locations, as they are now."""
    statement = (
        select(OfferRow.id, OfferRow.needs_court_authorisation, LocationRow.municipality_code)
        .outerjoin(LocationRow, LocationRow.id == OfferRow.location_id)
        .where(OfferRow.id.in_(offers))
    )
    municipalities = reference().municipalities
    return {
        offer_id: Place(municipalities[code].region, municipalities[code].province_code, is_secure)
        if code
        else Place(is_secure=is_secure)
        for offer_id, is_secure, code in await session.execute(statement)
    }


async def _roles(session: WriteSession, ids: Collection[UUID]) -> dict[UUID, str]:
    statement = select(OrganisationRow.id, OrganisationRow.role).where(OrganisationRow.id.in_(ids))
    return {row[0]: row[1] for row in await session.execute(statement)}


async def list_stretches(
    session: WriteSession | ReadSession, table: Derived, ids: Collection[UUID]
) -> dict[tuple[UUID, Any], list[Stretch]]:
    """What was known of these requests from which day on, by request and by number or referral, the first first."""
    keys = {"request_id", _KEYS[table], "known_from", "known_to"}
    columns = [column for column in table.__table__.columns if column.name not in keys]
    statement = select(table.__table__).where(table.request_id.in_(ids)).order_by(table.known_from)
    found: dict[tuple[UUID, Any], list[Stretch]] = defaultdict(list)
    for row in await session.execute(statement):
        values = {column.name: _plain(row._mapping[column.name]) for column in columns}  # noqa: SLF001 - its public name
        key = row.request_id, row._mapping[_KEYS[table]]  # noqa: SLF001 - its public name
        found[key].append(Stretch(row.known_from, row.known_to, values))
    return found


def _plain(value: Any) -> Any:
    return [(each.lower, each.upper) for each in value] if isinstance(value, MultiRange) else value


async def replace_stretches(
    session: WriteSession, table: Derived, known: Mapping[tuple[UUID, Any], Sequence[Stretch]]
) -> None:
    """Puts these in the place of what is there of the same requests."""
    if not known:
        return
    ids = {request_id for request_id, _ in known}
    await session.execute(delete(table).where(table.request_id.in_(ids)))
    rows = [
        {
            **_stored(each.values),
            "request_id": request_id,
            _KEYS[table]: key,
            "known_from": each.start,
            "known_to": each.end,
        }
        for (request_id, key), stretches in known.items()
        for each in stretches
    ]
    if rows:
        # into the table itself: through its class a row with a multirange would be a statement of its own
        await session.execute(insert(cast_type("Table", table.__table__)), rows)


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    stored = dict(values)
    for name in {"bridged", "sought"} & stored.keys():
        stored[name] = MultiRange(Range(first, end) for first, end in stored[name])
    return stored


async def forget(session: WriteSession) -> None:
    """Takes away all that was made of the versions, to make it anew."""
    for table in _KEYS:
        await session.execute(delete(table))
