"""How many offers a match has to rank, asked of the database itself and not of the product."""

import json
from collections.abc import Iterable
from statistics import fmean
from typing import Final

from app.reference.lists import reference
from scripts.benchmark.databases import Databases
from scripts.benchmark.questions import Question

_COUNT: Final = """
    WITH touching AS MATERIALIZED (
        SELECT provider_id, care_types FROM contracts
        WHERE regions @> ARRAY[$2::text] OR municipalities @> ARRAY[$3::text])
    SELECT count(*) FROM (
        SELECT o.id FROM offers o LEFT JOIN locations l ON l.id = o.location_id
        WHERE o.ended_at IS NULL AND o.care_type = ANY($1::text[])
        AND (l.municipality_code = ANY($4::text[]) OR (o.at_home AND o.service_area && $4::text[]))
        UNION
        SELECT o.id FROM touching c JOIN offers o ON o.provider_id = c.provider_id
        WHERE o.ended_at IS NULL AND o.care_type = ANY($1::text[])
        AND (c.care_types IS NULL OR o.care_type = ANY(c.care_types))) candidate
"""
"""app/finding/catalogue/catalogue.py says which offers are candidates; our questions name no offer and no provider."""


async def count_candidates(server: Databases, name: str, questions: Iterable[Question]) -> list[int]:
    """The number of candidates of each of these matches."""
    lists, counts = reference(), []
    async with server.connection(name) as connection:
        for question in questions:
            body = json.loads(question.body)
            municipality = body["child"]["municipality"]
            region = lists.municipalities[municipality].region
            reach = [code for each in lists.regions_around(region) for code in lists.municipalities_of(each)]
            types = [choice["careType"] for choice in body["choices"]]
            counts.append(await connection.fetchval(_COUNT, types, region, municipality, reach))
    return counts


async def mean_candidates(server: Databases, name: str, questions: Iterable[Question]) -> float:
    """Their mean."""
    return fmean(await count_candidates(server, name, questions))
