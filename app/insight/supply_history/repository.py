"""Statements that write what supply there was, each for a whole day.

At the end of a day, of each offer the report stands that was observed, or counted from a referral, last; as known on a
day, among those that had come in when that ended. Of one observed on the 3rd that came in on the 5th: it stands on the
3rd and the 4th as known since the 5th, and not as known before.
"""
# ruff: noqa: S608 - statements are made of words of this module alone

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Final, cast

from sqlalchemy import Table, TextClause, delete, func, select, text

from app.insight.history.tables import LAST_DAY
from app.insight.supply_history.tables import (
    SEVERAL_REGIONS,
    OfferVersionRow,
    SupplyDayRow,
    SupplyMonthRow,
)
from app.kit.database.partitions import make_partitions as make_parts
from app.kit.database.sessions import WriteSession
from app.ranking.rules import STALE_AFTER_DAYS

Written = type[SupplyDayRow] | type[SupplyMonthRow]

FRESH_DAYS: Final = 7
"""For so many days after it was observed a report is fresh."""

_DAY_OF: Final = "({} AT TIME ZONE 'Europe/Amsterdam')::date"
_END_OF: Final = "(({} + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam')"

_KEEP_OFFERS: Final = text(f"""
    WITH area AS (
        SELECT a.service_area, CASE WHEN count(DISTINCT m.region_code) = 1 THEN min(m.region_code) END AS region_code
        FROM (SELECT DISTINCT service_area FROM offers WHERE location_id IS NULL) a
        JOIN municipalities m ON m.code = ANY (a.service_area)
        GROUP BY a.service_area
    ), given AS (
        SELECT o.id AS offer_id, o.provider_id, o.care_type, o.unit, {_DAY_OF.format("o.ended_at")} AS ended_on,
               coalesce(m.region_code, a.region_code, '{SEVERAL_REGIONS}') AS region_code,
               {_DAY_OF.format("o.created_at")} AS made_on,
               {_DAY_OF.format("greatest(o.updated_at, l.updated_at)")} AS changed_on
        FROM offers o
        LEFT JOIN locations l ON l.id = o.location_id
        LEFT JOIN municipalities m ON m.code = l.municipality_code
        LEFT JOIN area a ON o.location_id IS NULL AND a.service_area = o.service_area
    ), changed AS (
        SELECT g.*, v.known_from AS before,
               greatest(v.known_from, CAST(:floor AS date), least(CAST(:today AS date), CASE
                   WHEN v.offer_id IS NULL THEN least(g.made_on,
                       (SELECT {_DAY_OF.format("min(r.received_at)")} FROM capacity_reports r
                        WHERE r.offer_id = g.offer_id))
                   ELSE g.changed_on END)) AS since
        FROM given g
        LEFT JOIN insight_offers v ON v.offer_id = g.offer_id AND v.known_to = '{LAST_DAY}'
        WHERE v.offer_id IS NULL
           OR (v.care_type, v.region_code, v.unit, v.ended_on)
              IS DISTINCT FROM (g.care_type, g.region_code, g.unit, g.ended_on)
    ), past AS (
        UPDATE insight_offers v SET known_to = c.since
        FROM changed c
        WHERE v.offer_id = c.offer_id AND v.known_from = c.before AND v.known_from < c.since
    )
    INSERT INTO insight_offers (known_from, known_to, offer_id, provider_id, care_type, region_code, unit, ended_on)
    SELECT since, '{LAST_DAY}', offer_id, provider_id, care_type, region_code, unit, ended_on FROM changed
    ON CONFLICT (known_from, offer_id) DO UPDATE SET care_type = EXCLUDED.care_type,
        region_code = EXCLUDED.region_code, unit = EXCLUDED.unit, ended_on = EXCLUDED.ended_on
""")

_VERSION: Final = "o.known_from <= {0} AND o.known_to > {0} AND (o.ended_on IS NULL OR o.ended_on > {0})"
_SHOWN: Final = "o.offer_id, o.provider_id, o.region_code, o.care_type, o.unit"

_ALL: Final = f"""
    given AS (
        SELECT CAST(:day AS date) AS day, date_trunc('month', CAST(:day AS date))::date AS month, {_SHOWN}
        FROM insight_offers o
        WHERE {_VERSION.format("CAST(:day AS date)")}
    )
"""
"""The offers of a day."""

_SINCE: Final = "coalesce(r.counted_at, r.observed_at)"
_TOUCHED: Final = f"""
    late AS (
        SELECT r.offer_id, {_DAY_OF.format(_SINCE)} AS first_day,
               least(CAST(:known AS date),
                     (SELECT {_DAY_OF.format("min(n.observed_at)")} FROM capacity_reports n
                      WHERE n.offer_id = r.offer_id AND n.counted_at IS NULL AND n.observed_at > {_SINCE}
                        AND n.received_at < {_END_OF.format("CAST(:known AS date)")})) - 1 AS last_day
        FROM capacity_reports r
        WHERE r.received_at >= :after AND r.received_at < {_END_OF.format("CAST(:known AS date)")}
          AND {_DAY_OF.format(_SINCE)} < CAST(:known AS date)
    ), stretch AS (
        SELECT o.provider_id, o.region_code, o.care_type, greatest(l.first_day, o.known_from) AS first_day,
               least(l.last_day, o.known_to - 1) AS last_day
        FROM late l
        JOIN insight_offers o ON o.offer_id = l.offer_id
    ), touched AS (
        SELECT DISTINCT {{keys}}, first_day + n AS day, date_trunc('month', first_day + n)::date AS month
        FROM stretch
        CROSS JOIN generate_series(0, last_day - first_day) n
        WHERE {{days}}
    ), given AS (
        SELECT t.day, t.month, {_SHOWN}
        FROM touched t
        JOIN insight_offers o USING ({{keys}})
        WHERE {_VERSION.format("t.day")}
    )
"""
"""The offers of earlier days that are told together with one of which a report came in late, on those days that it
stands on: until the next one that was observed later."""

_REPORTED: Final = """
    (SELECT r.*, r.{since} AS since FROM capacity_reports r
     WHERE r.offer_id = g.offer_id AND r.counted_at IS {counted} AND r.{since} < {end_of_day}
       AND r.received_at < {end_of_known}
     ORDER BY r.{since} DESC, r.id DESC LIMIT 1)
"""
_ENDS: Final = {"end_of_day": _END_OF.format("g.day"), "end_of_known": _END_OF.format("CAST(:known AS date)")}
_STANDING: Final = f"""
    standing AS (
        SELECT g.*, r.places_total, r.places_occupied, r.places_reserved, r.places_free, r.waiting_count,
               r.accepts_referrals, g.day - {_DAY_OF.format("r.observed_at")} AS age,
               CASE WHEN r.wait_days_intake IS NOT NULL OR r.wait_days_treatment IS NOT NULL
                    THEN coalesce(r.wait_days_intake, 0) + coalesce(r.wait_days_treatment, 0) END AS wait
        FROM given g
        LEFT JOIN LATERAL (
            SELECT * FROM (
                {_REPORTED.format(since="observed_at", counted="NULL", **_ENDS)}
                UNION ALL
                {_REPORTED.format(since="counted_at", counted="NOT NULL", **_ENDS)}
            ) both_kinds
            ORDER BY since DESC, id DESC LIMIT 1
        ) r ON true
    )
"""

_IS_KNOWN: Final = f"age <= {STALE_AFTER_DAYS}"
_IS_COUNTED: Final = f"{_IS_KNOWN} AND unit <> 'hours-per-week'"
_PLACES: Final = "coalesce(sum({}::float8) FILTER (WHERE {}), 0)"
_FIGURES: Final = {
    "offers": "count(*)",
    "fresh": f"count(*) FILTER (WHERE age <= {FRESH_DAYS})",
    "ageing": f"count(*) FILTER (WHERE age > {FRESH_DAYS} AND {_IS_KNOWN})",
    "stale": f"count(*) FILTER (WHERE age > {STALE_AFTER_DAYS})",
    "missing": "count(*) FILTER (WHERE age IS NULL)",
    "closed": f"count(*) FILTER (WHERE {_IS_KNOWN} AND NOT accepts_referrals)",
    "counted": f"count(*) FILTER (WHERE {_IS_COUNTED})",
    **{
        name: _PLACES.format(name, _IS_COUNTED)
        for name in ("places_total", "places_occupied", "places_reserved", "places_free")
    },
    "places_open": _PLACES.format(
        "greatest(places_free - coalesce(waiting_count, 0), 0)", f"{_IS_COUNTED} AND accepts_referrals"
    ),
    "waiting_count": f"coalesce(sum(waiting_count) FILTER (WHERE {_IS_KNOWN}), 0)",
}
_WAITS: Final = f"coalesce(array_agg(wait ORDER BY wait) FILTER (WHERE {_IS_KNOWN} AND wait IS NOT NULL), '{{}}')"


@cache
def _write(row: Written, *, late: bool) -> TextClause:
    """The statement that makes the figures of a day, or of all that came in `late`, and writes those that differ.

    What was known before stays, until the day `known`; what is known since `since` already is replaced.
    """
    table, (period, *others) = row.__tablename__, _key(row)
    figures = _FIGURES | ({"waits": _WAITS} if row is SupplyMonthRow else {})
    keys = _listed([period, *others])
    is_last = "true" if row is SupplyDayRow else "extract(day FROM first_day + n + 1) = 1"
    scope = _TOUCHED.format(keys=_listed(others), days=is_last) if late else _ALL
    of = f"({keys}) IN (SELECT {keys} FROM touched)" if late else f"{period} = CAST(:period AS date)"
    made = f"""
        SELECT {keys}, {", ".join(f"{made} AS {name}" for name, made in figures.items())}
        FROM standing GROUP BY {keys}
    """
    return text(f"WITH {scope}, {_STANDING}, {_replacing(table, [period, *others], list(figures), made, of)}")


def _key(row: Written) -> list[str]:
    """The columns that tell figures apart, that of the period first."""
    key = cast("Table", row.__table__).primary_key
    return [column.name for column in key.columns if column.name != "known_from"]


def _replacing(table: str, key: Sequence[str], figures: Sequence[str], made: str, of: str) -> str:
    """What puts the figures that a query has `made` in the place of those that are known `of` the same, where they
    differ; it answers with the months that were changed."""
    keys, names, period = _listed(key), _listed(figures), key[0]
    same = " AND ".join(f"t.{each} = c.{each}" for each in key)
    return f"""
        made AS ({made}), before AS (
            SELECT * FROM {table}
            WHERE known_from <= CAST(:known AS date) AND known_to > CAST(:known AS date) AND {of}
        ), changed AS (
            SELECT {keys}, b.known_from, b.known_to, {_listed(figures, "m")}, m.{figures[0]} IS NULL AS is_gone
            FROM made m FULL JOIN before b USING ({keys})
            WHERE ({_listed(figures, "m")}) IS DISTINCT FROM ({_listed(figures, "b")})
        ), past AS (
            UPDATE {table} t SET known_to = CAST(:since AS date) FROM changed c
            WHERE {same} AND t.known_from = c.known_from AND t.known_from < CAST(:since AS date)
        ), gone AS (
            DELETE FROM {table} t USING changed c
            WHERE {same} AND t.known_from = c.known_from AND t.known_from = CAST(:since AS date) AND c.is_gone
        ), written AS (
            INSERT INTO {table} ({keys}, known_from, known_to, {names})
            SELECT {keys}, CAST(:since AS date), coalesce(c.known_to, '{LAST_DAY}'), {names}
            FROM changed c WHERE NOT c.is_gone
            ON CONFLICT ({keys}, known_from) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in figures)}
        )
        SELECT DISTINCT date_trunc('month', {period})::date FROM changed
    """


def _listed(names: Sequence[str] | dict[str, str], of: str | None = None) -> str:
    return ", ".join(f"{of}.{name}" if of else name for name in names)


async def keep_offers(session: WriteSession, floor: date | None, today: date) -> None:
    """Takes in which offers are new or have changed: since the day of that, not before `floor` (None: ever)."""
    await session.execute(_KEEP_OFFERS, {"floor": floor, "today": today})


async def first_day(session: WriteSession) -> date | None:
    """The first day of which an offer is known; None where there are none."""
    return await session.scalar(select(func.min(OfferVersionRow.known_from)))


async def make_partitions(session: WriteSession, months: Sequence[date]) -> None:
    """Makes the parts of both tables for these months that are not there yet."""
    for row in (SupplyDayRow, SupplyMonthRow):
        await make_parts(session, row.__tablename__, months)


async def write_day(session: WriteSession, day: date) -> set[date]:
    """Writes the figures of a day as known when it ends, or now where it is not over; returns its month, by its first
    day, where that changed a figure."""
    given = {"day": day, "period": day, "known": day, "since": day}
    return set((await session.scalars(_write(SupplyDayRow, late=False), given)).all())


async def write_month(session: WriteSession, day: date) -> None:
    """Writes the figures of a day as those of its month."""
    month = day.replace(day=1)
    given = {"day": day, "period": month, "known": day, "since": month}
    await session.execute(_write(SupplyMonthRow, late=False), given)


async def list_late_days(session: WriteSession, after: datetime) -> list[date]:
    """The days after that moment on which a report came in of an earlier day."""
    statement = text(f"""
        SELECT DISTINCT {_DAY_OF.format("r.received_at")} FROM capacity_reports r
        WHERE r.received_at >= :after AND {_DAY_OF.format(_SINCE)} < {_DAY_OF.format("r.received_at")}
    """)
    return list((await session.scalars(statement, {"after": after})).all())


async def write_late(session: WriteSession, known: date, after: datetime) -> set[date]:
    """Writes the figures of earlier days and months anew that a report changed which came in on that day, from
    `after` on; returns the months, by their first days, that have a day which changed."""
    given = {"known": known, "since": known, "after": after}
    changed = await session.scalars(_write(SupplyDayRow, late=True), given)
    await session.execute(_write(SupplyMonthRow, late=True), given)
    return set(changed.all())


async def count_offers(session: WriteSession, day: date) -> tuple[int, int]:
    """How many offers are given today, `day`, and of how many of them the figures are fresh or ageing."""
    row = SupplyDayRow
    counts = func.coalesce(func.sum(row.offers), 0), func.coalesce(func.sum(row.fresh + row.ageing), 0)
    given, known = (await session.execute(select(*counts).where(row.day == day, row.known_to > day))).one()
    return given, known


async def forget(session: WriteSession) -> None:
    """Takes away all figures, to make them anew; the versions of offers stay, which nothing else tells."""
    for row in (SupplyDayRow, SupplyMonthRow):
        await session.execute(delete(row))
