"""A data set of so many offers: the demo data set, over and over, under new ids.

It has two grounds. The steady one holds as many offers at every size, the growing one those that are added: a match for
a child of the steady ground ranks the same candidates whether the country has 6,000 offers or 600,000, one for a child
of the growing ground ranks more, the more there are. No region and no supraregion is in both; what is bought for both
(national help) is there once.
"""

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
_OTHER: Final = {
    "providers": "'id', {id}, 'name', t.name || ' ' || c.copy, 'agb_code', NULL",
    "locations": "'id', {id}, 'provider_id', {provider_id}",
    "offers": "'id', {id}, 'provider_id', {provider_id}, 'location_id', {location_id}",
    "contracts": "'id', {id}, 'provider_id', {provider_id}, 'arrangement_id', NULL",
    "placement_stops": "'id', {id}, 'provider_id', {provider_id}, 'location_id', {location_id}, 'offer_id', {offer_id}",
    "capacity_reports": "'offer_id', {offer_id}",
}
"""What of a row is another in a copy, by table, in the order that their references ask for."""
_OTHER_INSIGHT: Final = {
    "insight_offers": "'offer_id', {offer_id}, 'provider_id', {provider_id}",
    "insight_supply_months": "'provider_id', {provider_id}",
}
_KEYS: Final = {
    "providers": ("provider_id", "id"),
    "offers": ("offer_id", "id"),
    **dict.fromkeys(("capacity_reports", "insight_offers"), ("offer_id", "offer_id")),
}
"""How a row finds its copies where that is not by its provider."""
_COPY: Final = """
    INSERT INTO {table} ({columns}) SELECT {made} FROM {table} t
    JOIN (SELECT DISTINCT {key}, copy FROM benchmark_copies) c ON c.{key} = t.{own},
    LATERAL jsonb_populate_record(t, jsonb_build_object({other})) made {where}
"""
_WHERE: Final = {
    "placement_stops": "WHERE t.offer_id IS NULL "
    "OR (t.offer_id, c.copy) IN (SELECT offer_id, copy FROM benchmark_copies)",
    "capacity_reports": "WHERE t.observed_at > now() - interval '10 days' "
    "OR t.id IN (SELECT report_id FROM current_capacities)",
    "insight_supply_months": "WHERE t.month > now() - interval '13 months'",
}
_FORMER: Final = """
    INSERT INTO contracts SELECT made.* FROM contracts t, generate_series(1, $1) turn,
    LATERAL jsonb_populate_record(t, jsonb_build_object('id', md5(t.id || '/former/' || turn)::uuid,
        'arrangement_id', NULL, 'valid_from', t.valid_from - 3650, 'valid_to', t.valid_from - 100 * turn)) made
"""
_DAYS: Final = """
    INSERT INTO insight_supply_days SELECT made.*
    FROM (SELECT DISTINCT ON (care_type) * FROM insight_supply_days ORDER BY care_type, day DESC, region_code) t
    CROSS JOIN (SELECT DISTINCT region_code FROM municipalities WHERE region_code IS NOT NULL) r
    CROSS JOIN generate_series(date_trunc('month', now() - interval '1 year'), now(), interval '1 day') d,
    LATERAL jsonb_populate_record(NULL::insight_supply_days, to_jsonb(t) || jsonb_build_object(
        'day', d::date, 'known_from', d::date, 'region_code', r.region_code)) made
    WHERE NOT EXISTS (SELECT FROM insight_supply_days f
        WHERE (f.day, f.region_code, f.care_type) = (made.day, made.region_code, made.care_type))
"""
"""A year of figures of every care type in every region; the demo data set has them of its own regions."""
_SUMS: Final = """
    INSERT INTO insight_supply_sums (month, region_code, care_type, known_from, known_to,
                                     places_total, places_occupied, places_free)
    SELECT date_trunc('month', d.day)::date, d.region_code, d.care_type, min(date_trunc('month', d.day)::date),
           d.known_to, sum(d.places_total), sum(d.places_occupied), sum(d.places_free)
    FROM insight_supply_days d
    WHERE d.known_to = '9999-12-31' AND NOT EXISTS (SELECT FROM insight_supply_sums f
        WHERE (f.month, f.region_code, f.care_type) = (date_trunc('month', d.day)::date, d.region_code, d.care_type))
    GROUP BY 1, 2, 3, 5
"""
"""Of those days added up, as the job does."""
_CHILDREN: Final = """
    INSERT INTO {table} SELECT made.* FROM {table} t
    CROSS JOIN generate_series(2, $1::int / (SELECT count(DISTINCT request_id) FROM insight_needs)::int) turn
    JOIN benchmark_homes h ON h.number = abs(hashtext(t.request_id::text || turn)) % h.count,
    LATERAL jsonb_populate_record(t, jsonb_build_object(
        'request_id', md5(t.request_id || '/' || turn)::uuid, 'organisation_id', md5(h.region_code || turn % 3)::uuid,
        'municipality_code', h.code, 'region_code', h.region_code{other})) made
"""
"""The children of the demo data set over again, all over the country, each region's of three institutions."""
_HOMES: Final = """
    CREATE TABLE benchmark_homes AS SELECT code, region_code, row_number() OVER (ORDER BY code) - 1 AS number,
        count(*) OVER () FROM municipalities WHERE region_code IS NOT NULL
"""
_CHILDREN_OF: Final = {
    "insight_referrals": ", 'referral_id', md5(t.referral_id || '/' || turn)::uuid",
    "insight_escalations": ", 'escalation_id', md5(t.escalation_id || '/' || turn)::uuid",
    "insight_needs": "",
}
"""What of a row is another, by table; the needs last, by whose children the others are counted."""
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
        await _copy(connection, _OTHER)
        await connection.execute(_FORMER, CONTRACTS_EACH)
        await connection.execute(_STAND)
    await connection.execute("VACUUM (ANALYZE)")
    await connection.execute("CHECKPOINT")


async def multiply_insight(connection: asyncpg.Connection, children: int) -> None:
    """Makes figures of insight that are of all offers of a multiplied data set, and of about so many children."""
    async with connection.transaction():
        await _copy(connection, _OTHER_INSIGHT)
        await connection.execute(_DAYS)
        await connection.execute(_SUMS)
        await connection.execute(_HOMES)
        for table, other in _CHILDREN_OF.items():
            await connection.execute(_CHILDREN.format(table=table, other=other), children)
    await connection.execute("VACUUM (ANALYZE)")


async def _copy(connection: asyncpg.Connection, others: dict[str, str]) -> None:
    new = {name: f"md5(t.{name} || '/' || c.copy)::uuid" for name in _REFERENCES}
    for table, other in others.items():
        columns = [each[0] for each in await connection.fetch(_COLUMNS, table)]
        key, own = _KEYS.get(table, ("provider_id", "provider_id"))
        statement = _COPY.format(
            table=table,
            columns=", ".join(columns),
            made=", ".join(f"made.{name}" for name in columns),
            key=key,
            own=own,
            other=other.format(**new),
            where=_WHERE.get(table, ""),
        )
        await connection.execute(statement)
