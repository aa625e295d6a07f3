"""Sending referrals: a request of the caller's is put to one offer, or to care outside the contracts."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.access.repository import list_names
from app.domain.dates import YearMonth, dutch_day, dutch_midnight, whole_years
from app.domain.language import Text
from app.dossiers.agreements.repository import get_agreements
from app.dossiers.rankings.repository import keep_ranking
from app.dossiers.referrals import repository
from app.dossiers.referrals.comply_or_explain import check_sending, keep
from app.dossiers.referrals.correction_schemas import ReferralPatch
from app.dossiers.referrals.errors import DecidedError
from app.dossiers.referrals.history import note
from app.dossiers.referrals.schemas import ReferralIn
from app.dossiers.referrals.sibling_group import Family, hold_family, hold_request
from app.dossiers.referrals.states import OPEN, UNDECIDED
from app.dossiers.referrals.tables import FullReferral, ReferralRow, Urgency
from app.dossiers.requests.errors import ClosedError
from app.dossiers.requests.tables import RequestRow
from app.dossiers.requests.teams import check_team
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import WriteSession
from app.kit.errors import (
    ConflictError,
    InputError,
    InvalidInputError,
    NotFoundError,
)
from app.kit.security.callers import Caller
from app.kit.versions import check_version
from app.kit.working_days import add_working_days
from app.supply.offers.repository import find_offer
from app.supply.offers.tables import OfferRow


async def send(
    session: WriteSession, catalogue: Catalogue, caller: Caller, request_id: UUID, body: ReferralIn, now: datetime
) -> ReferralRow:
    """Puts a request to an offer; of siblings who want one place together, for all who still wait.

    `OfferExcludedError` where the match would leave the offer out now, and the body does not say why all the same.
    """
    family = await hold_request(session, caller, request_id)
    request = family.request(request_id)
    if request.closed_on is not None:
        raise ClosedError
    offer = await _offer(session, body)
    if offer is not None:
        _check_choice(body, request, offer)
        _check_new(family, request, offer)
    await check_team(session, caller, body.team)
    children = _children(family, request)
    chosen = [(each, _choice_of(each, request, body, offer)) for each in family.requests if each.id in children]
    await check_sending(session, catalogue, offer, chosen, sum(children.values()), body.despite, now)
    ranking_id = await _ranking(session, request, body)
    names = await list_names(session, [caller.organisation_id])
    values = (
        _said(body, request, now)
        | {
            "organisation_id": caller.organisation_id,
            "institution": caller.institution or names.get(caller.organisation_id),
            "offer_id": offer.id if offer else None,
            "provider_id": offer.provider_id if offer else None,
            "first_choice": offer is not None and _is_of(offer, request.first_choice),
            "care_type": offer.care_type if offer else None,
            "places": sum(children.values()),
            "ranking_id": ranking_id,
        }
        | await _answer_due(session, request.region_code, body.summary.urgency, now)
    )
    row = await repository.add_referral(session, values)
    await repository.add_children(session, row.id, children)
    await keep(session, caller, row, body.despite, "institution", now)
    details = {"despite": body.model_dump(mode="json", include={"despite"})["despite"]} if body.despite else {}
    await note(session, caller, row, "send", "institution", before=None, details=details, now=now)
    return row


async def change(
    session: WriteSession, caller: Caller, referral_id: UUID, body: ReferralPatch, if_match: str | None, now: datetime
) -> FullReferral:
    """Changes what its sender said of a referral that is not decided, and tells the provider; else `DecidedError`.

    The referral afterwards.
    """
    full = (await hold_family(session, caller, referral_id)).full(referral_id)
    row = full.referral
    check_version(if_match, row.version, composite=True)
    if row.status not in UNDECIDED:
        raise DecidedError(row.status)
    values = {name: value for name, value in body.values(exclude_unset=True).items() if getattr(row, name) != value}
    if not values:
        return full
    changed = sorted(ReferralPatch.model_fields[name].alias or name for name in values)
    if "urgency" in values:
        values |= await _answer_due(session, row.region_code, values["urgency"], row.sent_at)
    for name, value in {**values, "version": row.version + 1, "updated_at": now}.items():
        setattr(row, name, value)
    await repository.save(session)
    details = {"changed": changed}
    await note(session, caller, row, "change", "institution", before=row.status, details=details, now=now)
    return full


async def _offer(session: WriteSession, body: ReferralIn) -> OfferRow | None:
    if body.offer_id is None:
        return None
    offer = await find_offer(session, body.offer_id)
    if offer is None:
        text = Text(nl="Dit aanbod bestaat niet.", en="There is no such offer.")
        raise InvalidInputError(InputError("#/offerId", "unknown-offer", text))
    if offer.ended_at is not None:
        raise ConflictError(
            Text(
                nl="Dit aanbod is beëindigd; zoek een ander (POST /v1/matches).",
                en="This offer has ended; look for another (POST /v1/matches).",
            )
        )
    return offer


def _check_choice(body: ReferralIn, request: RequestRow, offer: OfferRow) -> None:
    """That the choice is one of the request's as they are now, and the offer one of that choice."""
    if not isinstance(body.stands_for, int):
        return
    if body.stands_for > len(request.choices):
        text = Text(
            nl=f"De hulpvraag heeft nu {len(request.choices)} keuze(n).",
            en=f"The request has {len(request.choices)} choice(s) now.",
        )
        raise InvalidInputError(InputError("#/standsFor", "no-such-choice", text))
    choice = request.choices[body.stands_for - 1]
    if not _is_of(offer, choice):
        text = Text(
            nl=f"Dit aanbod ({offer.care_type}) is niet van keuze {body.stands_for} ({choice['careType']}); "
            "herzie de keuzen, of meld aan als alternatief (standsFor alternative).",
            en=f"This offer ({offer.care_type}) is not of choice {body.stands_for} ({choice['careType']}); "
            "revise the choices, or call the referral alternative.",
        )
        raise InvalidInputError(InputError("#/offerId", "other-choice", text))


def _choice_of(
    child: RequestRow, request: RequestRow, body: ReferralIn, offer: OfferRow | None
) -> dict[str, Any] | None:
    """The choice that the referral stands for to one of its children; None where it is for none of them.

    To the child that it is sent from it is the one that is named; to a sibling the first that the offer is of.
    """
    if offer is None or not isinstance(body.stands_for, int):
        return None
    return child.choices[body.stands_for - 1] if child is request else choice_of(child, offer)


def choice_of(child: RequestRow, offer: OfferRow) -> dict[str, Any] | None:
    """The first choice of a child that the offer is of; None where it is of none."""
    return next((each for each in child.choices if _is_of(offer, each)), None)


def _is_of(offer: OfferRow, choice: dict[str, Any]) -> bool:
    """Whether the offer has the care type of a choice, and is the one, or of the provider, that the choice names."""
    named = {"careType": offer.care_type, "offerId": str(offer.id), "providerId": str(offer.provider_id)}
    return all(choice.get(name) in {None, value} for name, value in named.items())


def _check_new(family: Family, request: RequestRow, offer: OfferRow) -> None:
    """That no referral of the child to this offer is open already, its own or one of siblings together."""
    for other, child in family.covering(request):
        if other.offer_id == offer.id and other.status in OPEN and child.is_in:
            text = Text(
                nl="Er loopt al een aanmelding bij dit aanbod; trek die eerst in, of wacht op antwoord.",
                en="A referral to this offer is open already; withdraw that first, or wait for an answer.",
            )
            raise ConflictError(text, referralId=str(other.id))


def _children(family: Family, request: RequestRow) -> dict[UUID, int]:
    """For whom a new referral is, and the places of each: the child, and each sibling who waits for a place with it.

    Together they take as many places as the request says, or one for each of them where that is more.
    """
    waiting = family.waiting(request)
    places = dict.fromkeys([other.id for other in waiting], 1)
    places[request.id] += max(request.places - len(waiting), 0)
    return places


async def _ranking(session: WriteSession, request: RequestRow, body: ReferralIn) -> UUID | None:
    """The ranking that led to the referral, the last one shown unless said; it is kept from then on."""
    ranking_id = body.ranking_id or await repository.find_last_ranking(session, request.id)
    if ranking_id is None:
        return None
    try:
        await keep_ranking(session, request.id, ranking_id)
    except NotFoundError as error:
        text = Text(nl="Deze hulpvraag heeft die rangschikking niet.", en="This request has no such ranking.")
        raise InvalidInputError(InputError("#/rankingId", "unknown-ranking", text)) from error
    return ranking_id


async def _answer_due(session: WriteSession, region: str, urgency: Urgency, sent_at: datetime) -> dict[str, Any]:
    """By when the provider answers, as the child's region has agreed: working days, and in a crisis hours.

    A term in days ends when its last day ends.
    """
    agreements = await get_agreements(session, region)
    if urgency == "crisis":
        due_at = sent_at + timedelta(hours=agreements.crisis_answer_hours)
        return {"answer_due_at": due_at, "answer_due_on": dutch_day(due_at)}
    days = agreements.urgent_answer_days if urgency == "urgent" else agreements.referral_answer_days
    last = add_working_days(dutch_day(sent_at), days)
    return {"answer_due_at": dutch_midnight(last + timedelta(days=1)), "answer_due_on": last}


def _said(body: ReferralIn, request: RequestRow, now: datetime) -> dict[str, Any]:
    """What the referral says: of the child only what a provider has to know."""
    summary, outside = body.summary, body.outside_care
    is_choice = isinstance(body.stands_for, int)
    return {
        "request_id": request.id,
        "stands_for": "choice" if is_choice else body.stands_for,
        "choice": body.stands_for if is_choice else None,
        "choices_version": request.choices_version,
        "outside_kind": outside.kind if outside else None,
        "outside_description": outside.description if outside else None,
        "outside_provider": outside.provider_name if outside else None,
        "age": whole_years(YearMonth.parse(request.birth_month), dutch_day(now)),
        "gender": request.gender,
        "municipality_code": request.municipality_code,
        "region_code": request.region_code,
        "needs": request.needs if summary.needs is None else summary.needs,
        "characteristics": request.characteristics if summary.characteristics is None else summary.characteristics,
        "urgency": summary.urgency,
        "wished_start": summary.wished_start,
        "remark": body.remark,
        "team": body.team or request.team,
        "sent_at": now,
        "status": "sent",
        "updated_at": now,
        "created_at": now,
    }
