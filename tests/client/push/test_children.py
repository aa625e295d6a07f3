"""`wijzer push --to waiting-children`: an institution's file, in parts or at once, and what comes of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.cli.pushing import destination_of
from app.client.push.run import Exit
from tests.access.clients import add_client
from tests.client.push.conftest import Pushed, Scene
from tests.client.push.served import Flaky
from tests.kit.files.saved import SAVED, Cell
from tests.supply.capacity.locks import connection

TO: dict[str, Any] = {"to": destination_of("waiting-children")}
HEADING: list[Cell] = ["kenmerk", "geboortemaand", "geslacht", "gemeente", "keus1", "wacht sinds", "machtiging"]


@pytest.fixture
async def scene(running: Scene, flaky: Flaky) -> Scene:
    """An institution, which has a client."""
    flaky.forget("/v1/waiting-children")
    made = replace(running, flaky=flaky, client=f"bescherming-{uuid4().hex}")
    owner = await add_client(made.world, made.client, role="gi", institution="De Jeugd- en Gezinsbeschermers")
    return replace(made, organisation=UUID(owner["id"]))


def _rows(count: int) -> list[list[Cell]]:
    children: list[list[Cell]] = [
        [f"K-{number}", "2014-05", "v", "Den Helder", "gezinshuis", date(2026, 10, 20), "nee"]
        for number in range(count)
    ]
    return [HEADING, *children]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A workbook with twelve children, on rows 2 to 13."""
    path = tmp_path / "kinderen.xlsx"
    path.write_bytes(SAVED["werkmap.xlsx"](_rows(12)))
    return path


async def _kept(scene: Scene) -> list[str]:
    async with connection(scene.database_url) as database:
        rows = await database.fetch(
            "SELECT child_reference FROM requests WHERE closed_on IS NULL AND organisation_id = $1", scene.organisation
        )
    return sorted(str(row["child_reference"]) for row in rows)


async def _recorded(scene: Scene) -> list[tuple[int, str]]:
    async with connection(scene.database_url) as database:
        rows = await database.fetch(
            "SELECT lines, reference_day FROM deliveries WHERE organisation_id = $1 ORDER BY id", scene.organisation
        )
    return [(row["lines"], row["reference_day"].isoformat()) for row in rows]


def _ended(pushed: Pushed) -> tuple[Exit, str]:
    return pushed.exit, pushed.out.splitlines()[-1] if pushed.out else ""


@pytest.mark.parametrize("name", SAVED)
async def test_a_table_in_parts_and_again(scene: Scene, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(SAVED[name](_rows(12)))
    pushed = scene.push(path, lines=5, of_day=date(2026, 10, 31), **TO)
    assert _ended(pushed) == (Exit.DONE, f"{name}: 12 accepted, 0 unchanged, 0 closed, 0 rejected"), pushed.err
    assert len(await _kept(scene)) == 12
    assert await _recorded(scene) == [(5, "2026-10-31"), (5, "2026-10-31"), (2, "2026-10-31")]
    assert _ended(scene.push(path, **TO)) == (Exit.DONE, f"{name}: 0 accepted, 12 unchanged, 0 closed, 0 rejected")
    assert [each.name for each in tmp_path.iterdir()] == [name]


async def test_goes_on_where_it_was_and_sends_nothing_twice(scene: Scene, file: Path) -> None:
    scene.flaky.script.extend(["well", "lost after", *["503"] * 20])
    stopped = scene.push(file, lines=5, **TO)
    assert stopped.exit is Exit.UNAVAILABLE
    assert [lines for lines, _ in await _recorded(scene)] == [5, 5]
    scene.flaky.script.clear()
    pushed = scene.push(file, lines=5, **TO)
    assert _ended(pushed) == (Exit.DONE, "kinderen.xlsx: 12 accepted, 0 unchanged, 0 closed, 0 rejected")
    assert "sent before" in pushed.err
    assert len(await _recorded(scene)) == 3


async def test_what_is_asked_besides_makes_it_another_push(scene: Scene, file: Path) -> None:
    scene.flaky.script.extend(["well", *["503"] * 20])
    assert scene.push(file, lines=5, **TO).exit is Exit.UNAVAILABLE
    scene.flaky.script.clear()
    other = scene.push(file, lines=5, of_day=date(2026, 10, 31), **TO)
    assert (other.exit, other.out) == (
        Exit.DONE,
        "kinderen.xlsx: 7 accepted, 5 unchanged, 0 closed, 0 rejected\n",
    )


async def test_rejected_lines_are_told_by_the_files_own(scene: Scene, tmp_path: Path) -> None:
    path, report = tmp_path / "a.csv", tmp_path / "fouten.txt"
    path.write_text(
        'kenmerk;geboortemaand;gemeente;keus1;geslacht\n\nK-1;13-05-2014;Den Helder;gezinshuis;v\nK-2;"x"y;;;\n'
    )
    pushed = scene.push(path, report=report, **TO)
    assert _ended(pushed) == (Exit.SOME_REJECTED, "a.csv: 0 accepted, 0 unchanged, 0 closed, 2 rejected")
    first, second = report.read_text().splitlines()
    assert first.startswith("line 3, geboortemaand: This is a full date")
    assert second.startswith("line 4: This line is not valid CSV")


async def test_what_a_file_is_is_never_guessed(scene: Scene, file: Path, tmp_path: Path) -> None:
    pushed = scene.push(file)
    assert pushed.exit is Exit.NOT_SENT
    assert await _kept(scene) == []
    catalogue = tmp_path / "aanbod.json"
    catalogue.write_text('{"requests": []}')
    pushed = scene.push(catalogue, **TO)
    assert (pushed.exit, "a list of children" in pushed.err) == (Exit.NOT_SENT, True)
    for options in ({"reason": "measure-ended"}, {"of_day": date(2026, 10, 31)}):
        for path in (file, catalogue):
            pushed = scene.push(path, **options)
            assert (pushed.exit, "--to waiting-children" in pushed.err) == (Exit.NOT_SENT, True)
    assert scene.flaky.keys == []


async def test_a_dry_run_changes_nothing_and_leaves_no_state(scene: Scene, file: Path) -> None:
    pushed = scene.push(file, lines=5, dry_run=True, **TO)
    assert _ended(pushed) == (Exit.DONE, "kinderen.xlsx: 12 accepted, 0 unchanged, 0 closed, 0 rejected")
    assert (await _kept(scene), await _recorded(scene)) == ([], [])
    scene.flaky.script.extend(["well", *["503"] * 20])
    assert scene.push(file, lines=5, **TO).exit is Exit.UNAVAILABLE
    state = file.with_name(file.name + ".push-state")
    before = state.read_bytes()
    scene.flaky.script.clear()
    assert scene.push(file, lines=5, dry_run=True, **TO).exit is Exit.DONE
    assert state.read_bytes() == before, "what was stopped goes on"


async def test_what_is_missing_is_closed_at_once_or_not_at_all(scene: Scene, file: Path, tmp_path: Path) -> None:
    assert scene.push(file, **TO).exit is Exit.DONE
    fewer = tmp_path / "minder.csv"
    fewer.write_bytes(SAVED["csv-utf8.csv"](_rows(10)))
    ending = {"end_missing": True, "reason": "help-not-needed", **TO}
    for wrong, said in (
        ({"end_missing": True, **TO}, "--reason"),
        ({"reason": "measure-ended", **TO}, "--end-missing"),
        (ending | {"lines": 5}, "at most 5"),
    ):
        pushed = scene.push(fewer, **wrong)
        assert (pushed.exit, said in pushed.err) == (Exit.NOT_SENT, True), pushed.err
    unread = tmp_path / "kapot.csv"
    unread.write_bytes(SAVED["csv-utf8.csv"](_rows(10)) + b'K-11;"x"y;;;;;\n')
    pushed = scene.push(unread, **ending)
    assert (pushed.exit, pushed.err.splitlines()[-1][:7]) == (Exit.NOT_SENT, "line 12")
    assert len(await _kept(scene)) == 12
    pushed = scene.push(fewer, dry_run=True, **ending)
    assert pushed.out.splitlines() == [
        "child K-10: closed",
        "child K-11: closed",
        "minder.csv: 0 accepted, 10 unchanged, 2 closed, 0 rejected",
    ]
    assert len(await _kept(scene)) == 12
    assert scene.push(fewer, **ending).out == pushed.out
    assert await _kept(scene) == [f"K-{number}" for number in range(10)]
