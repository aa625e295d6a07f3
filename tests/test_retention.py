"""What is kept for a time only: a running service deletes what is older, and nothing that is younger.

The service is not told which jobs it has: it runs all that it puts in the schedule.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import pytest

from app.kit.database.sessions import connect
from app.main import create_app
from app.settings import Settings
from tests.conftest import SettableClock, serving
from tests.patience import PATIENCE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Kind:
    """Rows that end: `insert` makes one called $1 that ended $2 ago, and `names` lists those that are there."""

    insert: str
    names: str
    kept: timedelta
    margin: timedelta = HOUR


_EVENT = """
    INSERT INTO outbox_events (type, subject, time, organisation_id, data, taken_at)
    VALUES ('webhook.test', $1, now(), gen_random_uuid(), '{}', now() - $2::interval) RETURNING id
"""
_DELIVERY = f"""
    WITH event AS ({_EVENT})
    INSERT INTO webhook_deliveries (webhook_id, outbox_id, subject, state, due_at, ended_at)
    SELECT webhooks.id, event.id, $1, '%s', now(), now() - $2::interval FROM webhooks, event
"""  # noqa: S608 - our own words
_WATCH = """
    INSERT INTO watches (id, organisation_id, client_id, label, search, care_types, channels, language, expires_on,
                         closed_on)
    VALUES (gen_random_uuid(), gen_random_uuid(), 'a', $1, '{}', '{}', '{sse}', 'nl', %s) RETURNING id, organisation_id
"""
_DAY_OF_END = "CAST(now() - $2::interval AS date)"

KINDS = {
    "answers that are repeated for a key": Kind(
        """INSERT INTO stored_answers (client_id, key, fingerprint, created_at)
           VALUES ('a', $1, '', now() - $2::interval)""",
        "SELECT key FROM stored_answers",
        7 * DAY,
    ),
    "sessions of the web app that ended": Kind(
        """INSERT INTO web_sessions (id, token_hash, claims, name, created_at, last_seen_at, idle_at, expires_at)
           SELECT gen_random_uuid(), sha256(convert_to($1, 'UTF8')), '{}', $1, at, at, at, at
           FROM (SELECT now() - $2::interval AS at) ended""",
        "SELECT name FROM web_sessions",
        0 * HOUR,
    ),
    "rankings that no referral names": Kind(
        """INSERT INTO rankings (id, request_id, shown_at, product_version, policy, case_file)
           SELECT gen_random_uuid(), id, now() - $2::interval, $1, 'timely-first', '' FROM requests""",
        "SELECT product_version FROM rankings",
        7 * DAY,
    ),
    "proposals": Kind(
        """WITH proposal AS (
               INSERT INTO proposals (id, organisation_id, client_id, region_code, asked_at, children, places,
                                      horizon_days, method, seed, changes, status)
               VALUES (gen_random_uuid(), gen_random_uuid(), $1, 'JZ03', now() - $2::interval, 'waiting', 'free', 91,
                       'stable', 1, 0, 'done')
               RETURNING id)
           INSERT INTO proposal_lines (proposal_id, request_id) SELECT proposal.id, requests.id FROM proposal, requests
        """,
        "SELECT client_id FROM proposals JOIN proposal_lines ON proposal_id = proposals.id",
        365 * DAY,
    ),
    "mails that were sent": Kind(
        """INSERT INTO mails (key, recipient, subject, body, language, queued_at, useful_until, next_attempt_at, status,
                              done_at)
           VALUES ($1, 'a@example.org', '', '', 'nl', now(), now(), now(), 'sent', now() - $2::interval)""",
        "SELECT key FROM mails",
        30 * DAY,
    ),
    "watches that expired": Kind(
        _WATCH % f"{_DAY_OF_END}, NULL",
        "SELECT label FROM watches",
        30 * DAY,
        2 * DAY,  # they end with a day, here or in the time of the server
    ),
    "watches that were closed": Kind(
        _WATCH % f"CAST(now() + interval '9 days' AS date), {_DAY_OF_END}",
        "SELECT label FROM watches",
        30 * DAY,
        2 * DAY,
    ),
    "what a watch found": Kind(
        f"""WITH watch AS ({_WATCH % f"{_DAY_OF_END}, NULL"})
            INSERT INTO watch_matches (watch_id, organisation_id, offer_id, told, matched_at, status, expected_start,
                                       shown)
            SELECT w.id, w.organisation_id, offers.id, true, now(), 'free', now(), jsonb_build_object('name', $1)
            FROM watch AS w, offers""",  # noqa: S608 - our own words
        "SELECT shown->>'name' FROM watch_matches",
        30 * DAY,
        2 * DAY,
    ),
    "deliveries that arrived": Kind(_DELIVERY % "delivered", "SELECT subject FROM webhook_deliveries", 7 * DAY),
    "deliveries that were given up": Kind(_DELIVERY % "dead", "SELECT subject FROM webhook_deliveries", 30 * DAY),
    "events that nobody waits for": Kind(_EVENT, "SELECT subject FROM outbox_events", 7 * DAY),
    "the log of changes to the catalogue": Kind(
        """WITH mark AS (INSERT INTO catalogue_marks (xid, marked_at)
                         VALUES (1000 - extract(epoch FROM $2::interval)::bigint / 60, now() - $2::interval))
           INSERT INTO catalogue_changes (xid, subject, kind)
           VALUES (999 - extract(epoch FROM $2::interval)::bigint / 60, md5($1)::uuid, 'offer')""",
        "SELECT CASE subject WHEN md5('older')::uuid THEN 'older' ELSE 'younger' END FROM catalogue_changes"
        " WHERE subject IN (md5('older')::uuid, md5('younger')::uuid)",
        HOUR,
        timedelta(minutes=5),
    ),
}


@pytest.fixture
async def driver(fresh_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(fresh_database_url.replace("postgresql+asyncpg", "postgresql"))
    yield connection
    await connection.close()


async def run_all_jobs(settings: Settings, url: str, driver: asyncpg.Connection) -> None:
    """Runs the service until it has done every job that it has, once.

    It writes its jobs into the schedule when it starts, and looks there for what is due when it starts again.
    """
    async with asyncio.timeout(PATIENCE):
        for ready in (
            "SELECT count(*) > 0 FROM pgqueuer_schedules",
            "SELECT bool_and(last_run IS NOT NULL AND status = 'queued') FROM pgqueuer_schedules",
        ):
            app = create_app(settings, database=connect(url, pool_size=5))
            async with app.router.lifespan_context(app):
                while not await driver.fetchval(ready):
                    pass
            await driver.execute("UPDATE pgqueuer_schedules SET next_run = now()")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_what_is_older_is_deleted_and_what_is_younger_is_kept(
    settings: Settings, fresh_database_url: str, driver: asyncpg.Connection, clock: SettableClock, kind: Kind
) -> None:
    database = connect(fresh_database_url, pool_size=2)
    async with serving(settings, database, clock) as world:
        await world.add_request()
        await world.add_offer()
    await database.close()
    await driver.execute(
        """INSERT INTO webhooks (id, organisation_id, role, url, types, secret)
           VALUES (gen_random_uuid(), gen_random_uuid(), 'gi', 'https://example.org', '{watch.matched}', '')"""
    )
    ages = {"younger": kind.kept - kind.margin, "older": kind.kept + kind.margin}
    for name, age in ages.items():
        await driver.execute(kind.insert, name, age)
    assert {row[0] for row in await driver.fetch(kind.names)} == ages.keys()
    await run_all_jobs(settings, fresh_database_url, driver)
    left = [row[0] for row in await driver.fetch(kind.names)]
    assert [each for each in left if each in ages] == ["younger"]  # what jobs make of the offer meanwhile stays too


async def test_every_job_has_a_name_of_its_own(
    settings: Settings, fresh_database_url: str, driver: asyncpg.Connection
) -> None:
    await run_all_jobs(settings, fresh_database_url, driver)
    names = [row[0] for row in await driver.fetch("SELECT entrypoint FROM pgqueuer_schedules")]
    assert sorted(names) == sorted(set(names))
