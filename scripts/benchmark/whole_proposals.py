"""What a whole proposal takes, from the rows of the children to the bytes that are kept: CPU by part.

All of it is done in this process, in a transaction that leaves nothing: what a service has done in another process
(`dossiers.proposals.beside`) is counted too.
"""

import asyncio
import time
from collections.abc import Callable, Collection
from itertools import cycle, islice
from typing import Final, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import text

from app.domain.dates import dutch_day
from app.dossiers.proposals import making
from app.dossiers.proposals.beside import solved
from app.dossiers.proposals.gathering import Asked, gather
from app.dossiers.proposals.tables import RegionalProposalRow
from app.finding.catalogue.follower import Follower
from app.kit.clock import system_clock
from app.kit.database.sessions import WriteSession, connect
from app.reference.lists import reference
from scripts.benchmark.bench import Bench
from scripts.benchmark.figures import Sample, Setup

Homes = list[tuple[str, str]]
"""Postcodes with their municipalities."""
REGION: Final = "JZ03"
_COLUMNS: Final = text("""
    SELECT string_agg(column_name, ', '), string_agg('made.' || column_name, ', ') FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = 'requests' AND is_generated = 'NEVER'
""")
_CHILDREN: Final = """
    INSERT INTO requests ({columns}) SELECT {made}
    FROM unnest(CAST(:municipalities AS text[]), CAST(:postcodes AS text[])) WITH ORDINALITY h (code, postcode, number)
    JOIN (SELECT r, row_number() OVER (ORDER BY id) - 1 AS number, count(*) OVER () AS count
          FROM requests r WHERE status = 'open') t ON t.number = h.number % t.count,
    LATERAL jsonb_populate_record(t.r, jsonb_build_object(
        'id', gen_random_uuid(), 'child_reference', 'benchmark-' || h.number, 'sibling_group', NULL,
        'secure_offer_id', NULL, 'municipality_code', h.code, 'postcode', h.postcode, 'region_code', '{region}')) made
"""
"""The children of the demo data set that wait, over again, each at a postcode; one region has them all."""
_ELSEWHERE: Final = text("UPDATE requests SET region_code = 'JZ01' WHERE region_code = :region")
Made = TypeVar("Made")


def measure(bench: Bench, name: str, children: int) -> None:
    """Notes what a proposal of so many children takes, by part and together; they live in one region or all over."""
    homes = _homes(children, {REGION} if name == "region" else set(reference().regions))
    parts = asyncio.run(_parts(bench.databases[bench.plan.base].dsn, homes))
    for part, took in [*parts.items(), ("all", sum(parts.values()))]:
        what = f"CPU: {part} of a {name}"
        bench.note(Setup("proposals", "product", bench.plan.base, what=what, unit="s"), Sample(took))


def _homes(children: int, regions: Collection[str]) -> Homes:
    """So many postcodes spread over these regions, each with its municipality."""
    lists = reference()
    known = [
        (code, area.municipality)
        for code, area in sorted(lists.postcodes.items())
        if lists.municipalities[area.municipality].region in regions
    ]
    return list(islice(cycle(known[:: max(1, len(known) // children)]), children))


async def _parts(dsn: str, homes: Homes) -> dict[str, float]:
    database = connect(dsn)
    follower = Follower(database)
    try:
        await follower.catch_up()
        async with database.write() as session:
            await _add(session, homes)
            parts = await _measured(session, follower)
            await session.rollback()
    finally:
        await follower.close()
        await database.close()
    return parts


async def _add(session: WriteSession, homes: Homes) -> None:
    """Children who live there, in the place of those of the region."""
    columns, made = (await session.execute(_COLUMNS)).one()
    statement = text(_CHILDREN.format(columns=columns, made=made, region=REGION))
    codes = {"municipalities": [municipality for _, municipality in homes], "postcodes": [code for code, _ in homes]}
    await session.execute(_ELSEWHERE, {"region": REGION})
    await session.execute(statement, codes)


async def _measured(session: WriteSession, follower: Follower) -> dict[str, float]:
    today, parts, began = dutch_day(system_clock()), dict[str, float](), time.process_time()

    def lap(part: str) -> None:
        nonlocal began
        parts[part], began = parts.get(part, 0) + time.process_time() - began, time.process_time()

    async def run(work: Callable[..., Made], /, *arguments: object) -> Made:
        lap("gathering")
        made = work(*arguments)
        lap("ranking")
        return made

    async def progress(_: int) -> None: ...

    row = _asked()
    known = await making.known_of(session, row, today)
    lap("reading")
    asked = Asked(today, row.horizon_days, row.places, row.method, row.seed, row.changes)
    case = await gather(follower.catalogue, known, asked, run, progress)
    lap("gathering")
    outcome = solved(case)
    lap("solving and packing")
    making.written(case, known, outcome)
    lap("writing lines")
    return parts


def _asked() -> RegionalProposalRow:
    return RegionalProposalRow(
        id=uuid4(),
        client_id="benchmark",
        organisation_id=UUID(int=1),
        region_code=REGION,
        children="waiting",
        horizon_days=90,
        places="soon",
        method="least-lateness",
        seed=1,
        changes=0,
    )
