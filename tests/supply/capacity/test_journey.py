"""The journey of a report, as the service's module tells it: what it names is there."""

import re
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

import app
from app.supply.capacity import service
from tests.world import World

NAMED = re.findall(r"`([^`]+)`", service.__doc__ or "")
ROOT = Path(app.__file__).parent
WINGS = [each.name for each in ROOT.iterdir() if each.is_dir()]


def test_each_module_that_it_names_is_there() -> None:
    modules = [each for each in NAMED if each.partition(".")[0] in WINGS]
    assert len(modules) >= 10
    paths = [ROOT.joinpath(*each.split(".")) for each in modules]
    assert [str(path) for path in paths if not path.is_dir() and not path.with_suffix(".py").is_file()] == []


async def test_each_table_and_trigger_that_it_names_is_there(world: World) -> None:
    named = [
        each for each in NAMED if re.fullmatch(r"[a-z]+_[a-z]+", each) and each not in {"after_commit", "when_heard"}
    ]
    async with world.parts.database.read() as session:
        rows = await session.scalars(text("SELECT relname FROM pg_class UNION SELECT tgname FROM pg_trigger"))
        found = set(rows)
    assert {"capacity_reports", "current_capacities", "catalogue_changes", "note_update", "tell_update"} <= set(named)
    assert [each for each in named if each not in {*found, "observed_at"}] == []


async def test_a_report_is_in_the_history_stands_is_logged_and_told(world: World) -> None:
    offer = await world.add_offer()
    webhook = {"url": "https://example.org/hook", "types": ["capacity.changed"]}
    async with world.parts.database.write() as session:
        await session.execute(text("DELETE FROM catalogue_changes"))
        await session.execute(
            text(
                "INSERT INTO webhooks (id, organisation_id, role, url, types, secret)"
                " VALUES (gen_random_uuid(), gen_random_uuid(), 'region', :url, :types, :secret)"
            ),
            webhook | {"secret": b"x"},
        )
    await world.report(offer)
    subjects = {
        "capacity_reports": ("offer_id", UUID(offer["id"])),
        "current_capacities": ("offer_id", UUID(offer["id"])),
        "catalogue_changes": ("subject", UUID(offer["id"])),
        "outbox_events": ("subject", offer["id"]),
    }
    async with world.parts.database.read() as session:
        for table, (column, subject) in subjects.items():
            count = text(f"SELECT count(*) FROM {table} WHERE {column} = :subject")  # noqa: S608 - the names are those above
            assert await session.scalar(count, {"subject": subject}) == 1, table
