"""The live ranking for a request, kept as it was shown, so that it can be made again exactly."""

import zlib
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import orjson

from app import VERSION
from app.domain.language import Language
from app.dossiers.calls.answers_for_ranking import beside
from app.dossiers.rankings import repository
from app.dossiers.rankings.schemas import RequestMatchQuery
from app.dossiers.rankings.tables import RankingRow
from app.dossiers.requests.ranking_request import asked
from app.dossiers.requests.repository import get_request, list_siblings
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.case_file.codec import Case, write_outcome
from app.finding.matching.case_file.writing import write_case
from app.finding.matching.case_snapshot import case_of
from app.finding.matching.service import answer_of, ranked_request, ranking_of
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.ranking.model import Outcome


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
    ranked = ranked_request(body)
    ranking = ranking_of(catalogue, ranked, now.date(), query.policy)
    answer = answer_of(catalogue, ranked, ranking, query.limit, now, language, explain_all=query.explain)
    case = case_of(catalogue, ranked, now.date(), query.policy)
    ranking_id = await _keep(session, row, case, ranking.outcome(), now)
    answered = await beside(session, caller, row.id, ranking.question.norm)
    return {**answer, "rankingId": ranking_id, **answered}


async def _keep(session: WriteSession, row: RequestRow, case: Case, outcome: Outcome, now: datetime) -> UUID:
    """Keeps the case with its outcome; the id is that of its content, so that the same ranking is kept once."""
    content = orjson.dumps({**write_case(case), "expected": write_outcome(outcome)})
    ranking_id = uuid5(row.id, f"{VERSION} {content.decode()}")
    values = {
        "id": ranking_id,
        "request_id": row.id,
        "shown_at": now,
        "product_version": VERSION,
        "policy": case.policy,
        "case_file": zlib.compress(content),
    }
    await repository.add_ranking(session, values)
    return ranking_id


async def list_rankings(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[RankingRow]:
    """The rankings shown for a request, the last first; after `key` (when shown, id), and one more than the page."""
    await get_request(session, caller, request_id)
    return await repository.list_rankings(session, request_id, limit=query.window, key=key)


async def get_case_file(session: ReadSession, caller: Caller, request_id: UUID, ranking_id: UUID) -> dict[str, Any]:
    """The case of a ranking of a request, in the shape of `schemas.CaseFile`."""
    await get_request(session, caller, request_id)
    row = await repository.get_ranking(session, request_id, ranking_id)
    case_file: dict[str, Any] = orjson.loads(zlib.decompress(row.case_file))
    return case_file
