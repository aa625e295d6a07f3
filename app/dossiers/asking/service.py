"""Asking for what an alternative needs: the match of the request, as it is now, says whether it does.

It stands above the arrangements themselves, because a match takes all that the dossier knows, refusals too.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.access.repository import list_names
from app.domain.dates import YearMonth, dutch_day, whole_years
from app.dossiers.agreements.repository import get_agreements
from app.dossiers.arrangements import repository
from app.dossiers.arrangements import service as arrangements
from app.dossiers.arrangements.errors import ArrangementOpenError
from app.dossiers.arrangements.schemas import ArrangementIn
from app.dossiers.arrangements.tables import ArrangementRow
from app.dossiers.asking.errors import HelpedError, NoSuchAlternativeError
from app.dossiers.matches.service import question_of
from app.dossiers.requests.errors import ClosedError
from app.dossiers.requests.repository import get_request
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.errors import unknown_offer
from app.finding.matching.service import ranked_request, ranking_of
from app.kit.database.sessions import WriteSession
from app.kit.errors import InvalidInputError
from app.kit.security.callers import Caller
from app.kit.working_days import add_working_days
from app.ranking.model import Alternative
from app.ranking.rank import DEFAULT_POLICY, Ranking
from app.supply.offers.repository import find_offer


async def ask(
    session: WriteSession, catalogue: Catalogue, caller: Caller, request_id: UUID, body: ArrangementIn, now: datetime
) -> ArrangementRow:
    """Puts what an alternative needs to the child's region or to the provider.

    `NoSuchAlternativeError` where the offer is no alternative that needs exactly this, with what it is now;
    `ArrangementOpenError` where the same has been asked and is not answered yet; `ClosedError` and `HelpedError` where
    nothing has to be arranged.
    """
    request, today = await get_request(session, caller, request_id, lock=True), dutch_day(now)
    if request.closed_on is not None:
        raise ClosedError
    if request.help_on is not None:
        raise HelpedError
    offer = await find_offer(session, body.offer_id)
    if offer is None:
        raise InvalidInputError(unknown_offer("#/offerId"))
    same = await repository.find_open(session, request_id, offer.id, body.kind)
    if same is not None:
        raise ArrangementOpenError(same.id, same.due_on)
    question = ranked_request(await question_of(session, request, today))
    alternative = _alternative(ranking_of(catalogue, question, today, DEFAULT_POLICY), str(offer.id), body)
    values = {
        "request_id": request.id,
        "organisation_id": caller.organisation_id,
        "institution": await _institution(session, caller),
        "offer_id": offer.id,
        "provider_id": offer.provider_id,
        "care_type": offer.care_type,
        "kind": body.kind,
        "reason": alternative.reason,
        "asked_why": body.why,
        "asked_by": caller.client_id,
    }
    values |= _told(request, today) | await _term(session, request.region_code, today)
    return await arrangements.add(session, caller, values, now)


def _alternative(ranking: Ranking, offer_id: str, body: ArrangementIn) -> Alternative:
    """The alternative that an offer is, where it needs what is asked."""
    results, alternatives = ranking.best()
    for alternative in alternatives:
        if alternative.offer.id == offer_id:
            if alternative.needs != body.kind:
                raise NoSuchAlternativeError(body.kind, "alternative", [alternative.reason], alternative.needs)
            return alternative
    for exclusion in ranking.exclusions():
        if exclusion.offer.id == offer_id:
            raise NoSuchAlternativeError(body.kind, "excluded", exclusion.reasons, None)
    fits = any(result.offer.id == offer_id for result in results)
    raise NoSuchAlternativeError(body.kind, "fits" if fits else "no-candidate", (), None)


async def _institution(session: WriteSession, caller: Caller) -> str | None:
    names = await list_names(session, [caller.organisation_id])
    return caller.institution or names.get(caller.organisation_id)


def _told(request: RequestRow, today: date) -> dict[str, Any]:
    """What is told of the child, as a referral tells it."""
    return {
        "age": whole_years(YearMonth.parse(request.birth_month), today),
        "gender": request.gender,
        "municipality_code": request.municipality_code,
        "region_code": request.region_code,
        "needs": request.needs,
    }


async def _term(session: WriteSession, region: str, today: date) -> dict[str, Any]:
    """By when an answer is due, as the region has agreed; amber from three quarters of it on, as every clock."""
    days = (await get_agreements(session, region)).arrangement_answer_days
    return {"due_on": add_working_days(today, days), "amber_from": add_working_days(today, (3 * days + 3) // 4)}
