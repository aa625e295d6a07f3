"""The figures of a statement, counted by the database out of the capacity history, a step at a time.

A day's figures are those of the last report observed on that day or before it (Dutch days), for as long as that is no
more than 30 days old: so a report makes a step from its date to the day before the next one's, or to 30 days later.
Only what the provider reported itself counts; places counted from referrals change no waiting. A report that came in
late counts for the days that it is about. A day of which the report does not say how many wait is not known, also
where that report tells waits.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import text

from app.kit.database.sessions import ReadSession
from app.ranking.rules import STALE_AFTER_DAYS

_STATEMENT: Final = text("""
    WITH given AS (
        SELECT o.id, o.care_type, l.municipality_code, o.service_area,
               greatest(least((o.created_at AT TIME ZONE 'Europe/Amsterdam')::date,
                              (SELECT (min(r.observed_at) AT TIME ZONE 'Europe/Amsterdam')::date
                               FROM capacity_reports r WHERE r.offer_id = o.id)),
                        CAST(:first_day AS date)) AS first_day,
               least((o.ended_at AT TIME ZONE 'Europe/Amsterdam')::date, CAST(:last_day AS date)) AS last_day
        FROM offers o
        LEFT JOIN locations l ON l.id = o.location_id
        WHERE o.provider_id = :provider
    ), offer AS (
        SELECT g.id, g.care_type, g.first_day, g.last_day, g.last_day - g.first_day + 1 AS days,
               (SELECT CASE WHEN count(DISTINCT m.region_code) = 1 THEN min(m.region_code) END
                FROM municipalities m
                WHERE m.code = g.municipality_code
                   OR (g.municipality_code IS NULL AND m.code = ANY (g.service_area))) AS region
        FROM given g
        WHERE g.first_day <= g.last_day
    ), last_of_day AS (
        SELECT DISTINCT ON (r.offer_id, (r.observed_at AT TIME ZONE 'Europe/Amsterdam')::date)
               r.offer_id, (r.observed_at AT TIME ZONE 'Europe/Amsterdam')::date AS day,
               r.waiting_count, r.wait_days_intake, r.wait_days_treatment
        FROM capacity_reports r
        JOIN offer o ON o.id = r.offer_id
        WHERE r.counted_at IS NULL
          AND r.observed_at >=
              (CAST(:first_day AS date) - CAST(:stale AS int))::timestamp AT TIME ZONE 'Europe/Amsterdam'
          AND r.observed_at < (CAST(:last_day AS date) + 1)::timestamp AT TIME ZONE 'Europe/Amsterdam'
        ORDER BY r.offer_id, (r.observed_at AT TIME ZONE 'Europe/Amsterdam')::date, r.observed_at DESC, r.id DESC
    ), step AS (
        SELECT s.*, CASE WHEN s.intake IS NOT NULL OR s.treatment IS NOT NULL
                         THEN coalesce(s.intake, 0) + coalesce(s.treatment, 0) END AS wait,
               s.until - s.since + 1 AS days, s.until = CAST(:last_day AS date) AS at_end
        FROM (
            SELECT r.offer_id, r.waiting_count AS waiting, r.wait_days_intake AS intake,
                   r.wait_days_treatment AS treatment, greatest(r.day, o.first_day) AS since,
                   least(lead(r.day) OVER (PARTITION BY r.offer_id ORDER BY r.day) - 1,
                         r.day + CAST(:stale AS int), o.last_day) AS until
            FROM last_of_day r
            JOIN offer o ON o.id = r.offer_id
        ) s
        WHERE s.since <= s.until
    ), known AS (
        SELECT offer_id, sum(days) FILTER (WHERE waiting IS NOT NULL) AS days,
               sum(waiting * days)::numeric / sum(days) FILTER (WHERE waiting IS NOT NULL) AS waiting,
               sum(waiting) FILTER (WHERE at_end) AS waiting_at_end,
               count(waiting) FILTER (WHERE at_end) AS at_end,
               sum(intake * days) AS intake, sum(days) FILTER (WHERE intake IS NOT NULL) AS intake_days,
               sum(treatment * days) AS treatment, sum(days) FILTER (WHERE treatment IS NOT NULL) AS treatment_days,
               sum(wait * days) AS wait, sum(days) FILTER (WHERE wait IS NOT NULL) AS wait_days,
               max(intake) FILTER (WHERE at_end) AS intake_at_end,
               max(treatment) FILTER (WHERE at_end) AS treatment_at_end,
               max(wait) FILTER (WHERE at_end) AS wait_at_end
        FROM step
        GROUP BY offer_id
    )
    SELECT o.care_type, o.region,
           sum(k.waiting_at_end)::bigint AS waiting_count_at_end,
           round(sum(k.waiting), 1) AS waiting_count_average,
           round(avg(k.intake_at_end), 1) AS wait_days_intake_at_end,
           round(sum(k.intake)::numeric / sum(k.intake_days), 1) AS wait_days_intake_average,
           round(avg(k.treatment_at_end), 1) AS wait_days_treatment_at_end,
           round(sum(k.treatment)::numeric / sum(k.treatment_days), 1) AS wait_days_treatment_average,
           round(avg(k.wait_at_end), 1) AS wait_days_at_end,
           round(sum(k.wait)::numeric / sum(k.wait_days), 1) AS wait_days_average,
           count(*) AS offers, count(k.days) AS offers_known,
           count(*) FILTER (WHERE o.last_day = CAST(:last_day AS date)) AS offers_at_end,
           coalesce(sum(k.at_end), 0)::int AS offers_known_at_end,
           sum(o.days)::int AS offer_days, coalesce(sum(k.days), 0)::int AS offer_days_known
    FROM offer o
    LEFT JOIN known k ON k.offer_id = o.id
    GROUP BY o.care_type, o.region
    ORDER BY o.care_type, o.region NULLS LAST
""")


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one care type in one region; a region of None is more than one, or one that is not said."""

    care_type: str
    region: str | None
    waiting_count_at_end: int | None
    waiting_count_average: Decimal | None
    wait_days_intake_at_end: Decimal | None
    wait_days_intake_average: Decimal | None
    wait_days_treatment_at_end: Decimal | None
    wait_days_treatment_average: Decimal | None
    wait_days_at_end: Decimal | None
    wait_days_average: Decimal | None
    offers: int
    offers_known: int
    offers_at_end: int
    offers_known_at_end: int
    offer_days: int
    offer_days_known: int


async def list_lines(session: ReadSession, provider_id: UUID, first_day: date, last_day: date) -> list[Line]:
    """The figures of a provider over these days, by care type and region; averages have one decimal."""
    given = {"provider": provider_id, "first_day": first_day, "last_day": last_day, "stale": STALE_AFTER_DAYS}
    return [Line(*row) for row in await session.execute(_STATEMENT, given)]
