"""A data set of so many offers: the demo data set, over and over, under new ids.

It has two grounds. The steady one holds as many offers at every size, the growing one those that are added: a match for
a child of the steady ground ranks the same candidates whether the country has 6,000 offers or 600,000, one for a child
of the growing ground ranks more, the more there are. No region and no supraregion is in both; what is bought for both
(national help) is there once.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import asyncpg

from app.reference.lists import PostcodeArea, reference

Ground = Literal["steady", "growing"]

STEADY_SUPRAREGION: Final = "noord-holland"
STEADY_COPIES: Final = 8
"""So many make some 300 candidates of three care types."""
CONTRACTS_EACH: Final = 15
"""Of a contract that stands, how often it stood before: rows to weigh, and no candidates."""

_COPIES: Final = """
    CREATE TABLE benchmark_copies AS
    WITH grounds AS (
        SELECT provider_id, bool_and(regions <@ $1 AND municipalities <@ $2) AS steady
        FROM contracts GROUP BY provider_id
        HAVING bool_and(regions <@ $1 AND municipalities <@ $2) OR NOT bool_or(regions && $1 OR municipalities && $2)),
    templates AS (SELECT o.id AS offer_id, provider_id, key, steady FROM offers o JOIN grounds USING (provider_id))
    SELECT offer_id, provider_id, copy FROM templates, generate_series(1, CASE WHEN steady THEN $3::int
        ELSE 1 + $4::int / (SELECT count(*) FROM templates WHERE NOT steady)::int END) copy
    ORDER BY NOT steady, copy, provider_id, key LIMIT $4 - (SELECT count(*) FROM offers)
"""
"""Which offer of the demo goes into which copy: a small data set is the start of a large one."""


@dataclass(frozen=True, slots=True)
class Copied:
    """How rows of a table are copied: `other` is what of a row is another in a copy, `found` how a row finds its copies
    (the column of `benchmark_copies` and its own), `where` which rows."""

    other: str
    found: tuple[str, str] = ("provider_id", "provider_id")
    where: str = ""


BY_OFFER: Final = ("offer_id", "offer_id")
_TABLES: Final = {
    "providers": Copied("'id', {id}, 'name', t.name || ' ' || c.copy, 'agb_code', NULL", ("provider_id", "id")),
    "locations": Copied("'id', {id}, 'provider_id', {provider_id}"),
    "offers": Copied("'id', {id}, 'provider_id', {provider_id}, 'location_id', {location_id}", ("offer_id", "id")),
    "contracts": Copied("'id', {id}, 'provider_id', {provider_id}, 'arrangement_id', NULL"),
    "placement_stops": Copied(
        "'id', {id}, 'provider_id', {provider_id}, 'location_id', {location_id}, 'offer_id', {offer_id}",
        where="WHERE t.offer_id IS NULL OR (t.offer_id, c.copy) IN (SELECT offer_id, copy FROM benchmark_copies)",
    ),
    "capacity_reports": Copied(
        "'offer_id', {offer_id}",
        BY_OFFER,
        "WHERE t.observed_at > now() - interval '10 days' OR t.id IN (SELECT report_id FROM current_capacities)",
    ),
}
"""In the order that their references ask for."""
_COPY: Final = """
    INSERT INTO {table} ({columns}) SELECT {made} FROM {table} t
    JOIN (SELECT DISTINCT {key}, copy FROM benchmark_copies) c ON c.{key} = t.{own},
    LATERAL jsonb_populate_record(t, jsonb_build_object({other})) made {where}
"""
_FORMER: Final = """
    INSERT INTO contracts SELECT made.* FROM contracts t, generate_series(1, $1) turn,
    LATERAL jsonb_populate_record(t, jsonb_build_object('id', md5(t.id || '/former/' || turn)::uuid,
        'arrangement_id', NULL, 'valid_from', t.valid_from - 3650, 'valid_to', t.valid_from - 100 * turn)) made
"""
_STAND: Final = """
    INSERT INTO current_capacities SELECT DISTINCT ON (t.offer_id) made.* FROM capacity_reports t,
    LATERAL jsonb_populate_record(NULL::current_capacities, to_jsonb(t) || jsonb_build_object('report_id', t.id)) made
    ORDER BY t.offer_id, t.observed_at DESC, t.id DESC ON CONFLICT DO NOTHING
"""
_COLUMNS: Final = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' AND is_identity = 'NO'
"""
_REFERENCES: Final = ("id", "provider_id", "location_id", "offer_id")


@cache
def area(ground: Ground) -> dict[str, list[PostcodeArea]]:
    """Where a ground lies: the postcodes of each of its jeugdregio's."""
    lists = reference()
    steady = lists.supraregions[STEADY_SUPRAREGION].regions
    found: dict[str, list[PostcodeArea]] = {
        code: [] for code in lists.regions if (code in steady) == (ground == "steady")
    }
    for each in lists.postcodes.values():
        region = lists.municipalities[each.municipality].region
        if region in found:
            found[region].append(each)
    return found


async def multiply(connection: asyncpg.Connection, size: int) -> None:
    """Makes the demo data set of this database one of `size` offers. Triggers fire and constraints hold as ever."""
    regions = list(area("steady"))
    municipalities = [code for region in regions for code in reference().municipalities_of(region)]
    async with connection.transaction():
        await connection.execute(_COPIES, regions, municipalities, STEADY_COPIES, size)
        await copy_rows(connection, _TABLES)
        await connection.execute(_FORMER, CONTRACTS_EACH)
        await connection.execute(_STAND)
    await connection.execute("VACUUM (ANALYZE)")
    await connection.execute("CHECKPOINT")


async def copy_rows(connection: asyncpg.Connection, tables: dict[str, Copied]) -> None:
    """Copies rows of tables as `_COPIES` says which offer goes into which copy."""
    new = {name: f"md5(t.{name} || '/' || c.copy)::uuid" for name in _REFERENCES}
    for table, copied in tables.items():
        columns = [each[0] for each in await connection.fetch(_COLUMNS, table)]
        key, own = copied.found
        statement = _COPY.format(
            table=table,
            columns=", ".join(columns),
            made=", ".join(f"made.{name}" for name in columns),
            key=key,
            own=own,
            other=copied.other.format(**new),
            where=copied.where,
        )
        await connection.execute(statement)
