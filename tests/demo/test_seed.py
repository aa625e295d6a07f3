"""Seeding a real database: all of it once, what a new day adds, and nothing of what users did undone."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy.engine import make_url

from app.demo.capacity_reports import SENDER
from app.demo.clients import clients
from app.demo.seed import DatabaseInUseError, seed
from app.domain.dates import dutch_midnight
from app.kit.http.parts import parts_of
from app.main import create_app
from app.parts import Parts
from app.settings import Settings

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)

TABLES = (
    "providers",
    "locations",
    "offers",
    "contracts",
    "placement_stops",
    "organisations",
    "clients",
    "contacts",
    "capacity_reports",
    "current_capacities",
    "requests",
    "choice_versions",
    "request_events",
    "explanations",
    "escalations",
    "referrals",
    "referral_events",
    "referral_children",
    "referral_despites",
    "reopenings",
    "judgements",
    "arrangements",
    "characteristic_proposals",
    "dossier_versions",
    "insight_needs",
    "insight_referrals",
    "insight_escalations",
    "insight_offers",
    "insight_supply_months",
    "insight_sources",
    "plan_actions",
    "plan_action_versions",
    "target_lines",
    "target_line_versions",
)


@pytest.fixture
async def sql(fresh_database_url: str) -> AsyncIterator[Any]:
    url = make_url(fresh_database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


_seed = partial(seed, past=False)
"""The years before take longest, and matter to the first test alone."""


async def _contents(sql: Any) -> dict[str, Any]:
    """Everything in the tables that the seed writes."""
    return {
        table: await sql.fetchval(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")  # noqa: S608 - a name from the list above
        for table in TABLES
    }


async def _count(sql: Any, table: str) -> int:
    count: int = await sql.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name from the list above
    return count


async def test_fills_the_database_once(fresh_database_url: str, sql: Any) -> None:
    """Also where a job of insight ran while it was filled, which saw none of it yet."""
    await sql.execute("UPDATE insight_sources SET brought_up_to = $1", datetime.combine(TODAY, time(12), UTC))
    report = await seed(fresh_database_url, TODAY)
    assert await _count(sql, "insight_needs") > report.past_requests
    assert await sql.fetchval("SELECT offers FROM insight_sources WHERE source = 'supply'") == report.offers
    assert (await _count(sql, "providers"), await _count(sql, "offers")) == (report.providers, report.offers)
    assert await _count(sql, "capacity_reports") == report.reports_added > 10_000
    reported = await sql.fetchval("SELECT count(DISTINCT offer_id) FROM capacity_reports")
    assert await _count(sql, "current_capacities") == reported
    behind = await sql.fetchval(
        "SELECT count(*) FROM current_capacities c WHERE c.observed_at <> "
        "(SELECT max(observed_at) FROM capacity_reports r WHERE r.offer_id = c.offer_id)"
    )
    assert behind == 0
    before = await _contents(sql)
    again = await seed(fresh_database_url, TODAY)
    assert again.reports_added == 0
    assert await _contents(sql) == before


async def test_fills_the_search_index(fresh_database_url: str, sql: Any) -> None:
    await _seed(fresh_database_url, TODAY)
    found = await sql.fetch(
        "SELECT name FROM offers WHERE search @@ websearch_to_tsquery('dutch', 'gezinshuis vuurtoren helder')"
    )
    assert [row["name"] for row in found] == ["Gezinshuis De Vuurtoren Den Helder"]


async def test_a_later_day_only_adds_reports(fresh_database_url: str, sql: Any) -> None:
    await _seed(fresh_database_url, TODAY)
    before = await _contents(sql)
    history = await sql.fetch("SELECT * FROM capacity_reports ORDER BY id")
    report = await _seed(fresh_database_url, TOMORROW)
    assert 0 < report.reports_added < 1000
    after = await _contents(sql)
    assert {table for table in TABLES if after[table] != before[table]} == {"capacity_reports", "current_capacities"}
    assert (await sql.fetch("SELECT * FROM capacity_reports ORDER BY id"))[: len(history)] == history
    newest = await sql.fetchval("SELECT max(observed_at) FROM current_capacities")
    assert newest == dutch_midnight(TOMORROW)


async def test_an_earlier_day_changes_nothing_of_the_history(fresh_database_url: str, sql: Any) -> None:
    await _seed(fresh_database_url, TOMORROW)
    before = await _contents(sql)
    assert (await _seed(fresh_database_url, TODAY)).reports_added == 0
    assert await _contents(sql) == before


async def test_contracts_move_at_new_year_with_a_new_version(fresh_database_url: str, sql: Any) -> None:
    await _seed(fresh_database_url, TODAY)
    await _seed(fresh_database_url, date(2027, 1, 1))
    versions = await sql.fetch("SELECT DISTINCT version FROM contracts")
    assert [row["version"] for row in versions] == [2]


async def test_leaves_alone_what_users_report(fresh_database_url: str, sql: Any) -> None:
    await _seed(fresh_database_url, TODAY)
    offer = await sql.fetchval(
        "SELECT offer_id FROM capacity_reports WHERE client_id = $1 GROUP BY offer_id ORDER BY count(*) DESC LIMIT 1",
        SENDER,
    )
    await sql.execute(
        "WITH report AS (INSERT INTO capacity_reports (offer_id, places_free, waiting_count, accepts_referrals, "
        "observed_at, client_id) VALUES ($1, 7, 0, true, $2, 'demo-provider') RETURNING id) "
        "UPDATE current_capacities SET report_id = report.id, observed_at = $2, places_total = NULL, "
        "places_free = 7 FROM report WHERE offer_id = $1",
        offer,
        datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    )
    for days in (0, 1, 10, 40):
        await _seed(fresh_database_url, TODAY + timedelta(days=days))
    standing = await sql.fetchrow("SELECT places_free, observed_at FROM current_capacities WHERE offer_id = $1", offer)
    assert tuple(standing) == (7, datetime(2026, 11, 22, 9, 30, tzinfo=UTC))


async def test_leaves_alone_what_users_change(fresh_database_url: str, sql: Any) -> None:
    await _seed(fresh_database_url, TODAY)
    changed = [await sql.fetchval(f"{statement} RETURNING id") for statement in _CHANGES]
    before = await _contents(sql)
    await _seed(fresh_database_url, TODAY)
    assert await _contents(sql) == before
    await _seed(fresh_database_url, date(2027, 1, 1))
    kept = await sql.fetchval("SELECT valid_to FROM contracts WHERE id = $1", changed[-1])
    assert kept == date(2026, 12, 1)


_CHANGES = (
    "UPDATE providers SET phone = '1', version = 2, updated_at = now() + interval '1 s' "
    "WHERE name = 'Demo Pleegzorg Noordkop'",
    "UPDATE offers SET ended_at = now(), version = 2, updated_at = now() + interval '1 s' "
    "WHERE name = 'Gezinshuis De Vuurtoren Den Helder'",
    "UPDATE contracts SET valid_to = '2026-12-01', version = 2, updated_at = now() + interval '1 s' "
    "WHERE provider_id = (SELECT id FROM providers WHERE name = 'Demo Pleegzorg Noordkop')",
)
"""What a user of the API did."""


async def test_refuses_a_database_that_is_somebodys_own(fresh_database_url: str, sql: Any) -> None:
    await sql.execute("INSERT INTO providers (id, name) VALUES (gen_random_uuid(), 'Een aanbieder')")
    with pytest.raises(DatabaseInUseError):
        await _seed(fresh_database_url, TODAY)
    assert await _count(sql, "clients") == 0


async def test_leaves_a_demo_client_with_another_secret(fresh_database_url: str, sql: Any) -> None:
    await _seed(fresh_database_url, TODAY)
    await sql.execute("UPDATE clients SET secret_hash = 'x', demo = false WHERE id = 'demo-gi'")
    await _seed(fresh_database_url, TODAY)
    assert await sql.fetchval("SELECT secret_hash FROM clients WHERE id = 'demo-gi'") == b"x"


async def test_every_demo_client_gets_a_token(fresh_database_url: str) -> None:
    await _seed(fresh_database_url, TODAY)
    app = create_app(Settings(database_url=fresh_database_url, demo=True, token_rate_limit=""))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test/v1") as http:
        for client in clients():
            form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": "demo"}
            token = (await http.post("/oauth/token", data=form)).json()["access_token"]
            me = (await http.get("/me", headers={"Authorization": f"Bearer {token}"})).json()
            assert client.id.startswith(f"demo-{me.get('rights', [me['role']])[0]}")
    await parts_of(app, Parts).database.engine.dispose()
