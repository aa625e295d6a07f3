"""Statements on versions of dossiers, and on what is made of them.

As it was known at a moment, of each row the last version counts that is not later: of a request with versions of 1, 3
and 9 May, on 5 May that of the 3rd.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import Range, distinct_on
from sqlalchemy.dialects.postgresql.ranges import MultiRange

from app.access.tables import OrganisationRow
from app.domain.dates import dutch_day
from app.dossiers.referrals.tables import DespiteRow, ReferralEventRow
from app.dossiers.requests.tables import ExplanationRow, JudgementRow, ReopeningRow
from app.insight.answers.definitions import Source
from app.insight.answers.tables import InsightSourceRow
from app.insight.history.dossiers import NOWHERE, Answered, Dossier, Explained, Facts, Judgement, Place, Reopening, Stay
from app.insight.history.known_referrals import answers_that_stand
from app.insight.history.tables import DossierVersionRow, KnownEscalationRow, KnownReferralRow, NeedRow, VersionOf
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


async def list_changed(session: WriteSession, after: datetime, until: datetime) -> list[UUID]:
    """The requests of which something was recorded in that time (`until` is in it), by id."""
    version = DossierVersionRow
    changed = select(version.row_id).where(version.at > after, version.at <= until, version.kind == "referral")
    of_referrals = select(version.request_id).where(version.kind == "child", version.row_id.in_(changed))
    own = select(version.request_id).where(version.at > after, version.at <= until, version.kind != "referral")
    said = [
        select(table.request_id).where(table.at > after, table.at <= until)
        for table in (ExplanationRow, JudgementRow, ReopeningRow)
    ]
    return sorted((await session.scalars(own.union(of_referrals, *said))).all())


async def list_dossiers(session: WriteSession, ids: Collection[UUID], at: datetime) -> list[Dossier]:
    """These dossiers as they were known at that moment; one that was not made yet is left out."""
    requests = {row.row_id: row.facts for row in await _versions(session, "request", ids, at)}
    children = await _versions(session, "child", ids, at)
    referrals = {row.row_id: row.facts for row in await _of_referrals(session, {each.row_id for each in children}, at)}
    stays = await _stays(session, children, referrals, at)
    escalations = _by_request((row.request_id, row.facts) for row in await _versions(session, "escalation", ids, at))
    said = [await _said(session, table, ids, at) for table in (ReopeningRow, JudgementRow, ExplanationRow)]
    roles = await _roles(session, {UUID(facts["organisation_id"]) for facts in requests.values()})
    return [
        Dossier(
            request_id=request_id,
            request=facts,
            referrer=_REFERRERS.get(roles.get(UUID(facts["organisation_id"]), ""), _UNKNOWN_REFERRER),
            stays=stays[request_id],
            escalations=sorted(escalations[request_id], key=lambda each: str(each["opened_at"])),
            reopenings=[Reopening(each.needed_again_on, each.helped_on) for each in said[0][request_id]],
            judgements=[Judgement(each.by, each.fits, each.on) for each in said[1][request_id]],
            explained=[Explained(each.clock, each.cause, dutch_day(each.at)) for each in said[2][request_id]],
        )
        for request_id, facts in requests.items()
    ]


async def _versions(
    session: WriteSession, kind: VersionOf, ids: Collection[UUID], at: datetime
) -> Sequence[DossierVersionRow]:
    row = DossierVersionRow
    statement = (
        select(row)
        .ext(distinct_on(row.row_id, row.request_id))
        .where(row.kind == kind, row.request_id.in_(ids), row.at <= at)
        .order_by(row.row_id, row.request_id, row.id.desc())
    )
    return (await session.scalars(statement)).all()


async def _of_referrals(session: WriteSession, ids: Collection[UUID], at: datetime) -> Sequence[DossierVersionRow]:
    row = DossierVersionRow
    statement = (
        select(row)
        .ext(distinct_on(row.row_id))
        .where(row.kind == "referral", row.row_id.in_(ids), row.at <= at)
        .order_by(row.row_id, row.id.desc())
    )
    return (await session.scalars(statement)).all()


async def _stays(
    session: WriteSession, children: Sequence[DossierVersionRow], referrals: Mapping[UUID, Facts], at: datetime
) -> dict[UUID, list[Stay]]:
    """The children in referrals by request, each with its referral; the first sent first."""
    answers = await _answers(session, referrals, at)
    despite = await _despite(session, referrals, at)
    places = await _places(session, {UUID(each["offer_id"]) for each in referrals.values() if each["offer_id"]})
    stays: dict[UUID, list[Stay]] = defaultdict(list)
    for child in children:
        facts = referrals.get(child.row_id)
        if facts is None:
            continue
        place = places.get(UUID(facts["offer_id"]), NOWHERE) if facts["offer_id"] else NOWHERE
        reasons = tuple(sorted(despite[child.row_id]))
        stays[child.request_id].append(Stay(child.facts, facts, answers[child.row_id], reasons, place))
    for found in stays.values():
        found.sort(key=lambda each: (str(each.referral["sent_at"]), str(each.referral["id"])))
    return stays


async def _answers(
    session: WriteSession, referrals: Collection[UUID], at: datetime
) -> Mapping[UUID, tuple[Answered, ...]]:
    """The providers' answers that were not taken back, by referral."""
    row = ReferralEventRow
    statement = (
        select(row.referral_id, row.at, row.decision, row.details)
        .where(row.referral_id.in_(referrals), row.decision.in_(_ANSWERS), row.at <= at)
        .order_by(row.id)
    )
    events: dict[UUID, list[tuple[datetime, str, dict[str, Any]]]] = {referral_id: [] for referral_id in referrals}
    for referral_id, moment, decision, details in await session.execute(statement):
        events[referral_id].append((moment, decision, details))
    return {referral_id: answers_that_stand(found) for referral_id, found in events.items()}


async def _despite(session: WriteSession, referrals: Collection[UUID], at: datetime) -> dict[UUID, set[str]]:
    row = DespiteRow
    statement = select(row.referral_id, row.reason).where(row.referral_id.in_(referrals), row.at <= at)
    found: dict[UUID, set[str]] = defaultdict(set)
    for referral_id, reason in await session.execute(statement):
        found[referral_id].add(reason)
    return found


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


async def _said(session: WriteSession, table: Any, ids: Collection[UUID], at: datetime) -> dict[UUID, list[Any]]:
    """What was said of these requests by then, in the order in which it counts."""
    order = {
        ReopeningRow: (ReopeningRow.number,),
        JudgementRow: (JudgementRow.on, JudgementRow.id),
        ExplanationRow: (ExplanationRow.id,),
    }[table]
    statement = select(table).where(table.request_id.in_(ids), table.at <= at).order_by(*order)
    return _by_request((row.request_id, row) for row in (await session.scalars(statement)).all())


def _by_request(pairs: Iterable[tuple[UUID, Any]]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for request_id, value in pairs:
        found[request_id].append(value)
    return found


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
        await session.execute(insert(table), rows)


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    stored = dict(values)
    for name in {"bridged", "sought"} & stored.keys():
        stored[name] = MultiRange(Range(first, end) for first, end in stored[name])
    return stored


async def forget(session: WriteSession) -> None:
    """Takes away all that was made of the versions, to make it anew."""
    for table in _KEYS:
        await session.execute(delete(table))
