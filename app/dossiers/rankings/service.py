"""The live ranking for a request, kept as it was shown, so that it can be made again exactly."""

import zlib
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import orjson

from app import VERSION
from app.domain.dates import dutch_day
from app.domain.language import Language
from app.dossiers.calls.answers_for_ranking import beside
from app.dossiers.rankings import repository
from app.dossiers.rankings.schemas import RequestMatchQuery
from app.dossiers.requests.ranking_request import asked
from app.dossiers.requests.repository import get_request, list_siblings
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.case_file import Case, CaseFile
from app.finding.matching.case_outcome import write_outcome
from app.finding.matching.case_snapshot import case_of
from app.finding.matching.service import match, ranked_request
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.auth import Caller
from app.ranking.derived_dates import Norm
from app.ranking.model import RULES
from app.ranking.rank import rank


async def match_request(
    session: WriteSession,
    catalogue: Catalogue,
    caller: Caller,
    request_id: UUID,
    query: RequestMatchQuery,
    now: datetime,
    language: Language,
) -> dict[str, Any]:
    """The ranking for a request as it is now, in the shape of `schemas.RequestMatchAnswer`; it is kept.

    Beside it stands what was answered to the calls of the request.
    """
    row = await get_request(session, caller, request_id)
    siblings = await list_siblings(session, [row])
    body = asked(row, siblings, query.policy, query.limit)
    answer = match(catalogue, body, now, language, explain_all=query.explain)
    ranked = ranked_request(body)
    ranking_id = await _keep(session, row, case_of(catalogue, ranked, dutch_day(now), query.policy), now)
    answered = await beside(session, caller, row.id, Norm.of(ranked, dutch_day(now)))
    return {**answer, "rankingId": ranking_id, **answered}


async def _keep(session: WriteSession, row: RequestRow, case: Case, now: datetime) -> UUID:
    """Keeps the case with its outcome; the id is that of its content, so that the same ranking is kept once."""
    outcome = rank(case.request, case.offers, today=case.today, policy=case.policy)
    content = orjson.dumps({**CaseFile.of(case).model_dump(mode="json"), "expected": write_outcome(outcome)})
    ranking_id = uuid5(row.id, f"{VERSION} {content.decode()}")
    values = {
        "id": ranking_id,
        "request_id": row.id,
        "shown_at": now,
        "product_version": VERSION,
        "rules": RULES,
        "policy": case.policy,
        "case_file": zlib.compress(content),
    }
    await repository.add_ranking(session, values)
    return ranking_id


async def get_case_file(session: ReadSession, caller: Caller, request_id: UUID, ranking_id: UUID) -> dict[str, Any]:
    """The case of a ranking of a request as it was kept, in the shape of `CaseFile`: one of version 1 says no rules."""
    await get_request(session, caller, request_id)
    row = await repository.get_ranking(session, request_id, ranking_id)
    case_file: dict[str, Any] = orjson.loads(zlib.decompress(row.case_file))
    return case_file
