"""From figures that grew old to a mail in the provider's box: the jobs of real processes, over a real mail server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from structlog.testing import capture_logs

from app.kit.database.sessions import connect
from app.main import create_app
from app.settings import Settings
from tests.conftest import NOW, SettableClock
from tests.kit.database.test_jobs import ask, make_due
from tests.notifying.mails.post import SENDER, open_post, words
from tests.patience import PATIENCE
from tests.world import World

LONG = PATIENCE
"""Seconds that no test should come to wait for."""
BASE = "https://wijzer.example"
TO = "aanmelden@vuurtoren.example"


@asynccontextmanager
async def processes(settings: Settings, url: str, clock: SettableClock) -> AsyncIterator[None]:
    """Three of them, started together."""
    async with AsyncExitStack() as stack:
        for _ in range(3):
            app = create_app(settings, database=connect(url, pool_size=3), clock=clock)
            await stack.enter_async_context(app.router.lifespan_context(app))
        yield


async def until(true: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(LONG):
        while not await true():
            pass


async def test_figures_that_grew_old_end_in_one_mail(
    committing_world: World, settings: Settings, fresh_database_url: str, clock: SettableClock
) -> None:
    provider_id = await committing_world.add_provider(contact={"email": TO})
    offers = [await committing_world.add_offer(provider_id) for _ in range(3)]
    for offer in offers:
        await committing_world.report(offer, observedAt=(NOW - timedelta(days=8)).isoformat())

    async def ran(job: str) -> object:
        statement = "SELECT FROM pgqueuer_schedules WHERE entrypoint = $1 AND status = 'queued' AND next_run > now()"
        return await ask(fresh_database_url, statement, job)

    async with open_post() as post:
        mail = {"smtp_url": post.url, "mail_from": SENDER, "mail_language": "en", "public_url": BASE}
        mailing = Settings(**settings.model_dump() | mail)
        with capture_logs() as logs:
            for job, cron in (("remind-providers", "7 5-16 * * *"), ("send-mails", "* * * * * */30")):
                await make_due(fresh_database_url, job, cron)
                async with processes(mailing, fresh_database_url, clock):
                    await until(lambda job=job: ran(job))  # type: ignore[misc]
        (message,) = post.to(TO)
    assert message["Subject"] == "Report your availability: 3 offers"
    assert f"  POST {BASE}/v1/offers/<id>/capacity/confirmations\n" in words(message)
    assert all(offer["id"] in words(message) for offer in offers)
    assert {each["mail"] for each in logs if each["event"] == "service.started"} == {True}
    assert TO not in str(logs)
