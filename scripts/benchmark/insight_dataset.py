"""What insight is measured on: figures of all offers of a multiplied data set, and of many children."""

from typing import Final

import asyncpg

from scripts.benchmark.dataset import BY_OFFER, Copied, copy_rows

_TABLES: Final = {
    "insight_offers": Copied("'offer_id', {offer_id}, 'provider_id', {provider_id}", BY_OFFER),
    "insight_supply_months": Copied(
        "'provider_id', {provider_id}", where="WHERE t.month > now() - interval '13 months'"
    ),
}
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


async def multiply_insight(connection: asyncpg.Connection, children: int) -> None:
    """Makes figures of insight that are of all offers of a multiplied data set, and of about so many children."""
    async with connection.transaction():
        await copy_rows(connection, _TABLES)
        await connection.execute(_DAYS)
        await connection.execute(_SUMS)
        await connection.execute(_HOMES)
        for table, other in _CHILDREN_OF.items():
            await connection.execute(_CHILDREN.format(table=table, other=other), children)
    await connection.execute("VACUUM (ANALYZE)")
