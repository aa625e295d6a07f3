"""A year of figures in the tables of insight: requests with what came of them, and the supply of each day.

They are made where they stand, and not of dossiers: what is measured is how fast they are asked. Chance is the same
every time; the days lie before today.
"""
# ruff: noqa: S608 - statements are made of words of this module alone

from datetime import date
from typing import Final

import asyncpg

from app.domain.dates import add_months
from app.insight.history.tables import LAST_DAY

REQUESTS: Final = 10_000
_MONTHS: Final = 13
"""From this one back: a year of days, and the months that they lie in."""
_PARTITIONED: Final = ("insight_supply_days", "insight_supply_months")

_SOURCES: Final = f"""
    TRUNCATE insight_needs, insight_referrals, insight_escalations, insight_offers, insight_supply_days,
        insight_supply_months;
    UPDATE insight_sources SET brought_up_to = now();
    INSERT INTO insight_offers (known_from, known_to, offer_id, provider_id, care_type, region_code, unit)
    SELECT date '2020-01-01', date '{LAST_DAY}', o.id, o.provider_id, care_type, coalesce(region_code, ''), unit
    FROM offers o LEFT JOIN locations l ON l.id = location_id LEFT JOIN municipalities m ON m.code = municipality_code;
    CREATE TEMP TABLE places AS SELECT offer_id, provider_id, care_type, region_code AS offer_region_code,
        row_number() OVER (PARTITION BY region_code ORDER BY offer_id) AS place,
        count(*) OVER (PARTITION BY region_code)
    FROM insight_offers;
    ANALYZE places;
    SELECT setseed(0.5);
    CREATE TEMP TABLE children AS
    SELECT md5('request' || n)::uuid AS request_id, n, code AS municipality_code, region_code,
        md5('gi' || region_code || n % 3)::uuid AS organisation_id, current_date - (random() * 540)::int AS since,
        CASE WHEN random() < 0.6 THEN 'protection' WHEN random() < 0.5 THEN 'youth-probation' END AS measure_kind,
        12 + (-80 * ln(1 - random()))::int AS wait, random() AS luck,
        ARRAY(SELECT code FROM care_types ORDER BY md5(code || n) LIMIT 3) AS care_types
    FROM generate_series(1, {REQUESTS}) n JOIN (SELECT *, row_number() OVER (ORDER BY code) - 1 AS number,
        count(*) OVER () FROM municipalities) m ON m.number = abs(hashint4(n)) % m.count;
    CREATE TEMP TABLE sent AS
    SELECT s.*, p.*,
        CASE WHEN answer = 'accepted' AND turn = 1 AND since + wait <= current_date THEN since + wait END AS started_on,
        CASE WHEN luck < 0.6 AND since + wait + 150 <= current_date THEN since + wait + 150 END AS ends_on
    FROM (SELECT c.*, turn, since + 10 * (turn - 1) AS sent_on, since + 10 * (turn - 1) + (random() * 10)::int AS
        answered_on, CASE WHEN random() < 0.7 THEN 'accepted' ELSE 'declined' END AS answer, random() AS draw,
        CASE WHEN random() < 0.8 THEN region_code
             ELSE (ARRAY(SELECT code FROM regions ORDER BY code))[1 + floor(random() * 42)] END AS at
        FROM children c, generate_series(1, 3) turn) s
    JOIN places p ON offer_region_code = s.at AND place = 1 + floor(draw * count)
    WHERE sent_on <= current_date;
    CREATE INDEX ON sent (request_id);
    ANALYZE sent, children;
"""
_KNOWN: Final = {"known_from": "since", "known_to": f"date '{LAST_DAY}'", "request_id": "request_id"}
_WHOSE: Final = {name: name for name in ("organisation_id", "municipality_code", "region_code")}
_NEED: Final = {
    **_KNOWN,
    **_WHOSE,
    "number": "0",
    "child_reference": "'kind-' || n",
    "measure_kind": "measure_kind",
    "since": "since",
    "care_types": "care_types",
    **{f"{name}_due": f"CASE WHEN measure_kind IS NOT NULL THEN since + {days} END"
       for name, days in (("worker", 7), ("course", 42), ("help", 91))},
    "worker_on": "since + wait / 12",
    "course_on": "since + wait / 2",
    "help_on": "CASE WHEN luck < 0.9 AND since + wait <= current_date THEN since + wait END",
    "help_as": "(ARRAY['1', '2', '3', 'alternative', 'outside'])[1 + floor(luck * luck * 5)]",
    "help_ended_on": "CASE WHEN luck < 0.6 AND since + wait + 150 <= current_date THEN since + wait + 150 END",
    "judged_professional": "(ARRAY['yes', 'partly', 'no'])[1 + n % 4]",
    "judged_family": "(ARRAY['yes', 'partly', 'no'])[1 + n % 5]",
    "closed_on": "CASE WHEN luck > 0.92 AND since + 200 <= current_date THEN since + 200 END",
    "bridged": "CASE WHEN n % 7 = 0 THEN datemultirange(daterange(since + 20, since + 60)) ELSE '{}' END",
    "explained": "CASE WHEN luck < 0.2 THEN ARRAY['help'] ELSE ARRAY[]::text[] END",
    "details": """jsonb_build_object(
        'steps', CASE WHEN n % 9 = 0 THEN jsonb_build_array(jsonb_build_object('step', 'regional', 'from', since + 60,
            'to', since + 100)) ELSE '[]' END,
        'causes', CASE WHEN luck < 0.2 THEN jsonb_build_array(jsonb_build_object('clock', 'help', 'cause', '01', 'on',
            since + 80)) ELSE '[]' END,
        'referred', coalesce((SELECT jsonb_agg(jsonb_build_object('to', provider_id, 'from', sent_on, 'until', ends_on))
            FROM sent WHERE sent.request_id = children.request_id), '[]'))""",
}  # fmt: skip
_REFERRAL: Final = {
    **_KNOWN,
    **_WHOSE,
    "known_from": "sent_on",
    "referral_id": "md5(n || '/' || turn)::uuid",
    "referrer": "CASE WHEN luck < 0.8 THEN '04' ELSE '01' END",
    **{name: name for name in ("provider_id", "offer_id", "offer_region_code", "care_type", "sent_on", "answered_on")},
    "province_code": "left(region_code, 3)",
    "offer_province_code": "left(offer_region_code, 3)",
    "stands_for": "turn",
    "urgency": "CASE WHEN luck < 0.1 THEN 'crisis' ELSE 'normal' END",
    "despite": "CASE WHEN luck < 0.05 THEN ARRAY['full'] ELSE ARRAY[]::text[] END",
    "overdue_on": "sent_on + 7",
    "is_answered_late": "answered_on > sent_on + 7",
    "answer": "answer",
    "decided_on": "answered_on",
    "decline_reason": "CASE answer WHEN 'declined' THEN '01' END",
    "decline_criteria": "CASE answer WHEN 'declined' THEN ARRAY['01'] ELSE ARRAY[]::text[] END",
    "over_on": "CASE WHEN answer = 'declined' THEN answered_on WHEN turn > 1 THEN since + wait END",
    "is_withdrawn": "answer = 'accepted' AND turn > 1",
    "accepted_on": "CASE answer WHEN 'accepted' THEN answered_on END",
    "started_on": "started_on",
    **dict.fromkeys(("ended_on", "stayed_until"), "CASE WHEN started_on IS NOT NULL THEN ends_on END"),
    "sought": "'{}'",
}
_ESCALATION: Final = {
    **_KNOWN,
    **_WHOSE,
    "known_from": "since + 60",
    "escalation_id": "md5('escalation' || n)::uuid",
    "care_type": "care_types[1]",
    "step": "(ARRAY['regional', 'supraregional', 'national'])[1 + floor(luck * luck * 3)]",
    "cause": "'01'",
    "opened_on": "since + 60",
    "over_on": "CASE WHEN luck < 0.8 THEN since + 100 END",
    "outcome": "CASE WHEN luck < 0.8 THEN 'help' END",
    "is_lesson": "luck < 0.1",
}
_FIGURES: Final = {
    "known_from": "period",
    "known_to": f"date '{LAST_DAY}'",
    "offers": "offers",
    "fresh": "offers * 6 / 10",
    "ageing": "offers - offers * 6 / 10",
    **dict.fromkeys(("stale", "missing", "closed"), "0"),
    "counted": "offers",
    "places_total": "offers * 8",
    "places_occupied": "offers * 7",
    "places_reserved": "0",
    "places_free": "(extract(doy FROM period) + offers) % (offers + 1)",
    "places_open": "(extract(doy FROM period) + offers) % (offers + 1)",
    "waiting_count": "offers",
}
_SUPPLY: Final = """(SELECT region_code, care_type{apart}, count(*) AS offers FROM insight_offers
    GROUP BY region_code, care_type{apart}) o, (SELECT day::date AS period
    FROM generate_series($1::date, least($2::date, current_date), interval '1 {step}') day) p"""


async def fill(connection: asyncpg.Connection, today: date) -> None:
    """Fills the tables of insight of this database, in place of what is in them."""
    first = add_months(today.replace(day=1), 1 - _MONTHS)
    months = [add_months(first, number) for number in range(_MONTHS + 1)]
    async with connection.transaction():
        for table in _PARTITIONED:
            for month, after in zip(months, [*months[1:], add_months(months[-1], 1)], strict=True):
                await connection.execute(
                    f"CREATE TABLE IF NOT EXISTS {table}_{month:%Y_%m} PARTITION OF {table} "
                    f"FOR VALUES FROM ('{month}') TO ('{after}')"
                )
        await connection.execute(_SOURCES)
        for table, values, rows in (
            ("needs", _NEED, "children"),
            ("referrals", _REFERRAL, "sent"),
            ("escalations", _ESCALATION, "children WHERE n % 9 = 0 AND since + 60 <= current_date"),
        ):
            await connection.execute(_insert(table, values, rows))
        days = {"day": "period", "region_code": "region_code", "care_type": "care_type", **_FIGURES}
        apart = days | {"month": "period", "provider_id": "provider_id", "waits": "ARRAY[7 * offers, 30]::int[]"}
        del apart["day"]
        await connection.execute(_insert("supply_days", days, _SUPPLY.format(apart="", step="day")), first, today)
        await connection.execute(
            _insert("supply_months", apart, _SUPPLY.format(apart=", provider_id", step="month")), first, today
        )
    await connection.execute("VACUUM (ANALYZE)")


def _insert(table: str, values: dict[str, str], rows: str) -> str:
    return f"INSERT INTO insight_{table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {rows}"
