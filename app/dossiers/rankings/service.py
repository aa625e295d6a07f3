"""Rankings that were shown for a request, kept so that they can be made again exactly."""

import zlib
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import orjson

from app import VERSION
from app.dossiers.rankings import repository
from app.dossiers.rankings.tables import RankingRow
from app.dossiers.requests.repository import get_request
from app.finding.matching.case_file import Case, CaseFile
from app.finding.matching.case_outcome import write_outcome
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.ranking.model import RULES, Outcome


async def keep_case(session: WriteSession, request_id: UUID, case: Case, outcome: Outcome, now: datetime) -> UUID:
    """Keeps a case of a request with its outcome; its id is that of its content, so that the same is kept once."""
    content = orjson.dumps({**CaseFile.of(case).model_dump(mode="json"), "expected": write_outcome(outcome)})
    ranking_id = uuid5(request_id, f"{VERSION} {content.decode()}")
    values = {
        "id": ranking_id,
        "request_id": request_id,
        "shown_at": now,
        "product_version": VERSION,
        "rules": RULES,
        "policy": case.policy,
        "case_file": zlib.compress(content),
    }
    await repository.add_ranking(session, values)
    return ranking_id


async def list_rankings(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[RankingRow]:
    """The rankings shown for a request, the last first; after `key` (when shown, id), and one more than the page."""
    await get_request(session, caller, request_id, access="read")
    return await repository.list_rankings(session, request_id, limit=query.window, key=key)


async def get_case_file(session: ReadSession, caller: Caller, request_id: UUID, ranking_id: UUID) -> dict[str, Any]:
    """The case of a ranking of a request as it was kept, in the shape of `CaseFile`: one of version 1 says no rules."""
    await get_request(session, caller, request_id, access="read")
    row = await repository.get_ranking(session, request_id, ranking_id)
    case_file: dict[str, Any] = orjson.loads(zlib.decompress(row.case_file))
    return case_file
