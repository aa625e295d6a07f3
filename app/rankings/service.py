"""The live ranking for a request, kept as it was shown, so that it can be made again exactly."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import orjson

from app import VERSION
from app.catalogue.catalogue import Catalogue
from app.domain.language import Language, Text
from app.kit.auth import Caller
from app.kit.db import ReadSession, WriteSession
from app.kit.errors import ConflictError
from app.matching.case import case_of
from app.matching.ranking.codec import Case, write_outcome
from app.matching.ranking.model import Policy
from app.matching.ranking.rank import rank
from app.matching.ranking.writing import write_case
from app.matching.schemas import Child, Choice, MatchRequest, Measure
from app.matching.service import match, ranked_request
from app.rankings import repository
from app.rankings.schemas import RequestMatchQuery
from app.reference.lists import reference
from app.requests.repository import get_request, list_siblings
from app.requests.tables import RequestRow


async def match_request(
    session: WriteSession,
    catalogue: Catalogue,
    caller: Caller,
    request_id: UUID,
    query: RequestMatchQuery,
    now: datetime,
    language: Language,
) -> dict[str, Any]:
    """The ranking for a request as it is now, in the shape of `schemas.RequestMatchAnswer`; it is kept."""
    row = await get_request(session, caller, request_id)
    siblings = await list_siblings(session, [row])
    body = asked(row, siblings, query.policy, query.limit)
    answer = match(catalogue, body, now, language, explain_all=query.explain)
    case = case_of(catalogue, ranked_request(body), now.date(), query.policy)
    ranking_id = await _keep(session, row, case, now)
    return {**answer, "rankingId": ranking_id}


async def _keep(session: WriteSession, row: RequestRow, case: Case, now: datetime) -> UUID:
    """Keeps the case with its outcome; the id is that of its content, so that the same ranking is kept once."""
    outcome = rank(case.request, case.offers, today=case.today, policy=case.policy)
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


def asked(row: RequestRow, siblings: Sequence[RequestRow], policy: Policy, limit: int) -> MatchRequest:
    """What a request asks of the ranking; siblings who want one place together need a place each.

    `ConflictError` where its municipality is no more.
    """
    if row.municipality_code not in reference().municipalities:
        raise ConflictError(
            Text(
                nl=f"De gemeente {row.municipality_code} bestaat niet meer; wijzig child.municipality.",
                en=f"The municipality {row.municipality_code} is no more; change child.municipality.",
            )
        )
    group = (row.organisation_id, row.sibling_group)
    together = sum((other.organisation_id, other.sibling_group) == group for other in siblings)
    return MatchRequest.model_construct(
        child=_child(row),
        choices=[Choice.model_validate(each) for each in row.choices],
        needs=row.needs,
        wishes=row.wishes,
        characteristics=row.characteristics,
        places=max(row.places, together),
        needed_by=row.needed_by,
        policy=policy,
        limit=limit,
    )


def _child(row: RequestRow) -> Child:
    measure = None
    if row.measure_type is not None and row.measure_imposed_on is not None:
        measure = Measure.model_construct(type=row.measure_type, imposed_on=row.measure_imposed_on)
    return Child.model_construct(
        birth_month=row.birth_month,
        gender=row.gender,
        municipality=row.municipality_code,
        postcode=row.postcode,
        measure=measure,
        court_authorisation=row.court_authorisation,
    )


async def get_case_file(session: ReadSession, caller: Caller, request_id: UUID, ranking_id: UUID) -> dict[str, Any]:
    """The case of a ranking of a request, in the shape of `schemas.CaseFile`."""
    await get_request(session, caller, request_id)
    row = await repository.get_ranking(session, request_id, ranking_id)
    case_file: dict[str, Any] = orjson.loads(zlib.decompress(row.case_file))
    return case_file
