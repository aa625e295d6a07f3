"""The live ranking for a request, with what its dossier knows beside it; each that is shown is kept."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Language
from app.dossiers.arrangements.service import exceptions_of
from app.dossiers.arrangements.views import arrangements_of
from app.dossiers.calls.answers_for_ranking import answers_for_ranking
from app.dossiers.matches.schemas import RequestMatchQuery
from app.dossiers.rankings.service import keep_case
from app.dossiers.referrals.refusals import earlier_declines, list_refusals
from app.dossiers.requests.match_request import match_request_of
from app.dossiers.requests.repository import get_request, list_siblings
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.case_file import Case
from app.finding.matching.case_snapshot import case_of
from app.finding.matching.expected import expected_case, ranking_of_case, shown_waits
from app.finding.matching.schemas import DossierMatchRequest, MatchRequest
from app.finding.matching.service import ranked_request, ranking_of, show_ranking
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller
from app.ranking.model import Request
from app.ranking.rank import DEFAULT_POLICY, Ranking


async def match_request(
    session: WriteSession,
    catalogue: Catalogue,
    caller: Caller,
    request_id: UUID,
    query: RequestMatchQuery,
    now: datetime,
    language: Language,
    *,
    keep: bool = True,
) -> dict[str, Any]:
    """The ranking for a request as it is now, in the shape of `schemas.RequestMatchAnswer`.

    It is kept, unless somebody asks with whom the request is shared (no referral follows from what they look at), or
    without `keep`, as for a page that looks again by itself.

    Offers that declined a referral of this child a short time ago are left out of it. Beside it stands what was
    answered to the calls of the request, and what was asked to make alternatives possible. `NotFoundError` where the
    caller has no such request, `ConflictError` where its municipality is no more.
    """
    row, today = await get_request(session, caller, request_id, access="read"), dutch_day(now)
    request = ranked_request(await question_of(session, row, today))
    ranking, case = await _ranked(session, catalogue, request, today, query)
    answer = show_ranking(
        catalogue,
        request,
        ranking,
        now,
        language,
        limit=query.limit,
        explain_all=query.explain,
        expected=shown_waits(case) if case else None,
    )
    ranking_id = None
    if keep and row.organisation_id == caller.organisation_id:
        case = case or case_of(catalogue, request, today, query.policy)
        ranking_id = await keep_case(session, row.id, case, ranking.outcome(), now)
    answered = await answers_for_ranking(session, caller, row.id, ranking.norm)
    asked = await arrangements_of(session, caller, row.id, today)
    return {**answer, "rankingId": ranking_id, **answered, "arrangements": asked}


async def match_instead(
    session: WriteSession,
    catalogue: Catalogue,
    caller: Caller,
    request_id: UUID,
    asked: MatchRequest,
    now: datetime,
    language: Language,
) -> dict[str, Any]:
    """The ranking for a request as it would be with what is asked instead, in the shape of `MatchAnswer`, explained.

    What the dossier alone knows stays as it is: refusals, exceptions, siblings, and since when help is needed again.
    It is not kept: no referral follows from what is not in the dossier. `NotFoundError` and `ConflictError` as
    `match_request`.
    """
    row, today = await get_request(session, caller, request_id, access="read"), dutch_day(now)
    known = await question_of(session, row, today)
    child, measure = asked.child, asked.child.measure
    if measure is not None and (measure.type, measure.imposed_on) == (row.measure_type, row.measure_imposed_on):
        child = child.model_copy(update={"measure": known.child.measure})
    places = known.places if asked.places == row.places else asked.places
    given = {name: getattr(asked, name) for name in MatchRequest.model_fields}
    own = {"child": child, "places": places, "declines": known.declines, "exceptions": known.exceptions}
    request = ranked_request(DossierMatchRequest.model_construct(**given | own))
    ranking, case = await _ranked(session, catalogue, request, today, asked)
    expected = shown_waits(case) if case else None
    return show_ranking(
        catalogue, request, ranking, now, language, limit=asked.limit, explain_all=True, expected=expected
    )


async def _ranked(
    session: WriteSession, catalogue: Catalogue, request: Request, today: date, asked: RequestMatchQuery | MatchRequest
) -> tuple[Ranking, Case | None]:
    """The ranking by the policy and the waits that are asked; by ours with the case that has them."""
    if asked.wait_source == "stated":
        return ranking_of(catalogue, request, today, asked.policy), None
    case = await expected_case(session, catalogue, request, today, asked.policy)
    return ranking_of_case(catalogue, case), case


async def question_of(session: WriteSession, row: RequestRow, today: date) -> DossierMatchRequest:
    """What a request asks of the ranking on that day, with all that its dossier knows: siblings, refusals, exceptions.

    `ConflictError` where its municipality is no more.
    """
    siblings = await list_siblings(session, [row])
    declines = earlier_declines((await list_refusals(session, [row.id]))[row.id])
    exceptions = (await exceptions_of(session, [row.id], today))[row.id]
    return match_request_of(row, siblings, today, DEFAULT_POLICY, 1, declines, exceptions)
