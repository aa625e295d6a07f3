"""The mails that wait: each goes once, whoever sends; later where the server is away; never where it is refused."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from app.domain.language import Text, same
from app.kit.database.sessions import Database, connect
from app.notifying.mails import repository, service
from app.notifying.mails.sender import KEPT, Sender
from app.notifying.mails.service import Mail
from app.notifying.mails.tables import MailRow
from tests.conftest import NOW, SavepointDatabase, SettableClock
from tests.notifying.mails.post import (
    SENDER,
    Post,
    open_post,
    words,
)

TO = "aanmelden@vuurtoren.example"
BODY = Text(nl="Er is een plek.", en="There is a place.")


def mail(key: str, **fields: Any) -> Mail:
    return Mail(**{"key": key, "to": TO, "subject": same(f"Onderwerp {key}"), "body": BODY, **fields})


async def queue(database: Database, *mails: Mail) -> set[str]:
    async with database.write() as session:
        return await service.queue(session, mails, NOW)


async def rows(database: Database) -> list[MailRow]:
    async with database.read() as session:
        return list((await session.scalars(select(MailRow).order_by(MailRow.id))).all())


async def statuses(database: Database) -> list[str]:
    return [row.status for row in await rows(database)]


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with open_post() as made:
        yield made


@pytest.fixture
async def committing(fresh_database_url: str) -> AsyncIterator[Database]:
    """A database of this test alone, with connections for several who send."""
    made = connect(fresh_database_url, pool_size=10)
    yield made
    await made.close()


async def test_what_is_queued_goes_once(database: SavepointDatabase, clock: SettableClock, post: Post) -> None:
    sender = Sender(database, post.mailer, clock)
    assert await queue(database, mail("a"), mail("b", language="en")) == {"a", "b"}
    assert await queue(database, mail("a"), mail("c")) == {"c"}, "its key is known"
    await sender.send_due()
    await sender.send_due()
    assert [message["Subject"] for message in post.to(TO)] == ["Onderwerp a", "Onderwerp b", "Onderwerp c"]
    assert [words(message) for message in post.to(TO)] == [
        "Er is een plek.\n",
        "There is a place.\n",
        "Er is een plek.\n",
    ]
    assert await statuses(database) == ["sent"] * 3
    assert await queue(database, mail("a")) == set(), "also after it was sent"


async def test_nothing_goes_of_a_transaction_that_fails(
    database: SavepointDatabase, clock: SettableClock, post: Post
) -> None:
    async def fail() -> None:
        async with database.write() as session:
            await service.queue(session, [mail("a")], NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await Sender(database, post.mailer, clock).send_due()
    assert post.received == []


async def test_queueing_nothing_does_nothing(database: SavepointDatabase) -> None:
    assert await queue(database) == set()


async def test_several_processes_send_each_mail_once(committing: Database, clock: SettableClock, post: Post) -> None:
    await queue(committing, *(mail(f"{number:02}") for number in range(40)))
    await asyncio.gather(*(Sender(committing, post.mailer, clock).send_due() for _ in range(4)))
    assert sorted(message["Subject"] for message in post.to(TO)) == [f"Onderwerp {number:02}" for number in range(40)]
    assert post.connections > 1
    assert set(await statuses(committing)) == {"sent"}


async def test_mail_waits_for_a_server_that_is_away(
    database: SavepointDatabase, clock: SettableClock, post: Post
) -> None:
    sender = Sender(database, post.mailer, clock)
    await post.stop()
    await queue(database, mail("a"))
    with capture_logs() as logs:
        await sender.send_due()
    assert logs == [{"event": "mail.server_lost", "log_level": "warning", "error": "SMTPConnectError"}]
    await post.start()
    await sender.send_due()
    assert len(post.to(TO)) == 1, "at once: that the server was away was no attempt"


async def test_a_refusal_is_kept_and_stops_nobody_else(
    database: SavepointDatabase, clock: SettableClock, post: Post
) -> None:
    post.replies["weg@vuurtoren.example"] = "550 no such mailbox"
    await queue(database, mail("a", to="weg@vuurtoren.example"), mail("b", to="no address"), mail("c"))
    with capture_logs() as logs:
        await Sender(database, post.mailer, clock).send_due()
    assert len(post.received) == 1
    refused, none, sent = await rows(database)
    assert (refused.status, refused.reply, refused.done_at) == ("refused", "550 no such mailbox", NOW)
    assert (none.status, none.reply) == ("refused", "no address that mail can go to")
    assert (sent.status, sent.reply) == ("sent", None)
    clock.now += timedelta(days=1)
    await Sender(database, post.mailer, clock).send_due()
    assert len(post.received) == 1
    assert "vuurtoren" not in str(logs), "addresses stay out of the log"


async def test_what_is_not_taken_now_is_tried_again_ever_later(
    database: SavepointDatabase, clock: SettableClock, post: Post
) -> None:
    post.replies[TO] = "451 greylisted"
    await queue(database, mail("a", useful_for=timedelta(days=30)))
    pauses = []
    for _ in range(9):
        await Sender(database, post.mailer, clock).send_due()
        (row,) = await rows(database)
        assert (row.status, row.reply) == ("waiting", "451 greylisted")
        pauses.append((row.next_attempt_at - clock.now) / timedelta(minutes=1))
        clock.now = row.next_attempt_at - timedelta(seconds=1)
        await Sender(database, post.mailer, clock).send_due()
        assert (await rows(database))[0].attempts == len(pauses), "not a moment sooner"
        clock.now += timedelta(seconds=1)
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    del post.replies[TO]
    await Sender(database, post.mailer, clock).send_due()
    assert await statuses(database) == ["sent"]


async def test_a_mail_that_is_of_no_use_any_more_does_not_go(
    database: SavepointDatabase, clock: SettableClock, post: Post
) -> None:
    await queue(database, mail("a", useful_for=timedelta(hours=1)), mail("b", useful_for=timedelta(hours=2)))
    clock.now += timedelta(hours=1)
    await Sender(database, post.mailer, clock).send_due()
    assert await statuses(database) == ["expired", "sent"]
    assert len(post.received) == 1


async def test_without_a_server_mail_waits_and_expires(database: SavepointDatabase, clock: SettableClock) -> None:
    sender = Sender(database, None, clock)
    await queue(database, mail("a"))
    await sender.send_due()
    assert await statuses(database) == ["waiting"]
    clock.now += timedelta(days=3)
    await sender.send_due()
    assert await statuses(database) == ["expired"]


async def test_a_connection_lost_in_the_middle_sends_it_again_under_the_same_id(
    database: SavepointDatabase, clock: SettableClock, post: Post
) -> None:
    post.cut_after = 0
    sender = Sender(database, post.mailer, clock)
    await queue(database, mail("a"), mail("b"))
    await sender.send_due()
    assert await statuses(database) == ["waiting"] * 2, "nobody knows whether it went"
    await sender.send_due()
    assert await statuses(database) == ["waiting", "sent"], "the other need not wait"
    clock.now += timedelta(minutes=5)
    await sender.send_due()
    assert await statuses(database) == ["sent"] * 2
    first, _, again = (message["Message-ID"] for message in post.to(TO))
    assert first == again


PROCESS = """
import asyncio, sys
from datetime import timedelta
from app.kit.clock import system_clock
from app.kit.database.sessions import connect
from app.notifying.mails.mailer import Mailer
from app.notifying.mails import repository
from app.notifying.mails.sender import Sender
from tests.conftest import NOW

async def finish(*_: object) -> None:
    print("sent", flush=True)
    await asyncio.Event().wait()

async def main() -> None:
    repository.finish = finish
    await Sender(connect(sys.argv[1]), Mailer(sys.argv[2], sys.argv[3]), lambda: NOW).send_due()

asyncio.run(main())
"""


async def test_a_process_killed_between_the_250_and_the_mark_leaves_a_mail_that_goes_again(
    committing: Database, fresh_database_url: str, clock: SettableClock, post: Post
) -> None:
    await queue(committing, mail("a"))
    process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own program
        [sys.executable, "-c", PROCESS, fresh_database_url, post.url, SENDER], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout:
        assert await asyncio.to_thread(process.stdout.readline) == b"sent\n"
        process.kill()
        process.wait()
    assert len(post.to(TO)) == 1
    sender = Sender(committing, post.mailer, clock)
    await sender.send_due()
    assert len(post.to(TO)) == 1, "it may be on its way yet"
    clock.now += timedelta(minutes=5)
    await sender.send_due()
    first, again = post.to(TO)
    assert first["Message-ID"] == again["Message-ID"]
    assert await statuses(committing) == ["sent"]


async def test_that_it_was_sent_holds_whatever_was_thought_before(database: SavepointDatabase) -> None:
    await queue(database, mail("a"), mail("b"))
    expired, sent = await rows(database)
    async with database.write() as session:
        await repository.expire(session, NOW + timedelta(days=3))
        await repository.finish(session, expired.id, "refused", "550", NOW)
        await repository.finish(session, sent.id, "sent", None, NOW)
        await repository.finish(session, sent.id, "refused", "550", NOW)
    assert await statuses(database) == ["expired", "sent"]


async def test_mails_that_are_done_are_forgotten(database: SavepointDatabase) -> None:
    await queue(database, mail("old"), mail("new"), mail("waits"))
    async with database.write() as session:
        for key, done_at in (("old", NOW - KEPT - timedelta(seconds=1)), ("new", NOW - KEPT)):
            await session.execute(update(MailRow).where(MailRow.key == key).values(status="sent", done_at=done_at))
        await repository.prune(session, NOW - KEPT)
    assert {row.key for row in await rows(database)} == {"new", "waits"}
