"""`wijzer push` against a real server: what it takes, what it says, and that nothing is sent twice."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.client.push.api_client import TRIES, Service
from app.client.push.run import Exit
from tests.access.clients import SECRET
from tests.client.push.conftest import Scene
from tests.client.push.served import ANSWERS
from tests.kit.files.saved import SAVED, Cell, xlsx
from tests.supply.capacity_reports.sending import current, history

PATIENCE = 60


def _reports(scene: Scene) -> list[dict[str, Any]]:
    """One of each offer, as of when it comes in: what is sent twice is in the history twice."""
    return [
        {"providerId": scene.provider, "offerKey": f"o{number}", "placesFree": number}
        for number in range(len(scene.offers))
    ]


@pytest.fixture
def csv_file(scene: Scene, tmp_path: Path) -> Path:
    """A report of each offer on lines 2 to 14, with a note over two lines on line 5, and a blank line before."""
    path = tmp_path / "capaciteit.csv"
    lines = [f"{each['providerId']};{each['offerKey']};{each['placesFree']};" for each in _reports(scene)]
    lines[3] = lines[3] + '"Noord;\nof Zuid"'
    path.write_bytes("\r\n".join(["\ufeffaanbiederId;sleutel;vrij;opmerking", *lines, ""]).encode())
    return path


def _ndjson(path: Path, reports: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(map(json.dumps, reports)))
    return path


# --- what it needs


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.ods", b"<", ".xlsx"),
        ("a.csv", b"", "not a single line"),
        ("a.csv", b"aanbodId;vrij\n\n", "not a single line"),
        ("a.ndjson", b"\n \n", "not a single line"),
        ("a.json", b"[]", "not a single line"),
        ("a.json", b"[", "not valid JSON"),
        ("a.json", b"[" * 100_000, "not valid JSON"),
        ("a.json", b"{}", "list of reports"),
        ("a.json", b"7", "list of reports"),
        (
            "a.json",
            b'[{"placesFree": 1},\n{"placesFree": 1,\n"placesFree": 3}]',
            "'placesFree': This field is there more",
        ),
        ("a.json", b'[{"placesFree": 1},\n{"placesFree": 1,\n"placesFree": 3}]', "(line 3)"),
        ("a.json", b"[\n1,\n]", "line 3 column 1"),
        ("a.json", b'{"requests": [], "soort": 1}', "soort"),
    ],
)
async def test_says_why_a_file_cannot_be_sent(
    scene: Scene, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    pushed = scene.push(path)
    assert (pushed.exit, pushed.out) == (Exit.NOT_SENT, "")
    assert said in pushed.err
    assert [each.name for each in tmp_path.iterdir()] == [name], "there is no state of what was never begun"


async def test_says_that_there_is_no_file(scene: Scene, tmp_path: Path) -> None:
    for name in ("weg.csv", "weg.json"):
        pushed = scene.push(tmp_path / name)
        assert pushed.exit is Exit.NOT_SENT
        assert name in pushed.err


async def test_a_secret_goes_over_tls_alone(scene: Scene, csv_file: Path) -> None:
    for url in ("http://example.org/v1", "ftp://example.org", "example.org"):
        pushed = scene.push(csv_file, url=url)
        assert pushed.exit is Exit.NOT_SENT
        assert "https://" in pushed.err
    assert scene.flaky.tokens == 0


async def test_a_wrong_secret(scene: Scene, csv_file: Path) -> None:
    pushed = scene.push(csv_file, secret="a" * 40)
    assert (pushed.exit, pushed.waits) == (Exit.NOT_SENT, [])
    assert scene.client in pushed.err
    assert "a" * 40 not in pushed.err


async def test_a_heading_that_is_wrong_refuses_all_and_says_where(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("aanbodId;kleur\nx;rood\n")
    pushed = scene.push(path)
    assert pushed.exit is Exit.NOT_SENT
    assert "kleur: No such column" in pushed.err


async def test_options_of_offers_are_not_for_reports(scene: Scene, csv_file: Path) -> None:
    assert scene.push(csv_file, dry_run=True).exit is Exit.NOT_SENT
    assert scene.push(csv_file, end_missing=True).exit is Exit.NOT_SENT
    assert scene.flaky.keys == []


# --- all is well


@pytest.mark.parametrize("lines", [1, 5, 12, 5000])
async def test_a_table_in_parts(scene: Scene, csv_file: Path, lines: int) -> None:
    pushed = scene.push(csv_file, lines=lines)
    assert (pushed.exit, pushed.out, pushed.err) == (
        Exit.DONE,
        "capaciteit.csv: 12 accepted, 0 unchanged, 0 rejected\n",
        "",
    )
    assert len(set(scene.flaky.keys)) == len(scene.flaky.keys) == -(-12 // lines)
    assert await scene.reported() == [1] * 12
    assert (await current(scene.world, scene.offers[3]))["note"] == "Noord;\nof Zuid"
    assert [each.name for each in csv_file.parent.iterdir()] == [csv_file.name], "a push that is done keeps no state"


@pytest.mark.parametrize("suffix", [".json", ".ndjson", ".jsonl"])
async def test_json_in_parts(scene: Scene, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"capaciteit{suffix}"
    if suffix == ".json":
        path.write_text(json.dumps(_reports(scene)))
    else:
        _ndjson(path, _reports(scene))
    assert scene.push(path, lines=5).exit is Exit.DONE
    assert len(scene.flaky.keys) == 3
    assert await scene.reported() == [1] * 12


async def test_parts_that_one_call_could_not_take(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.client.push.file_parts.LARGEST", 250)
    assert scene.push(_ndjson(tmp_path / "a.ndjson", _reports(scene))).exit is Exit.DONE
    assert len(scene.flaky.keys) == 6
    assert await scene.reported() == [1] * 12


async def test_the_same_file_again_is_a_push_of_its_own(scene: Scene, csv_file: Path) -> None:
    """What has not changed is confirmed: its figures are fresh again."""
    scene.push(csv_file)
    pushed = scene.push(csv_file)
    assert pushed.out == "capaciteit.csv: 0 accepted, 12 unchanged, 0 rejected\n"
    assert len(set(scene.flaky.keys)) == 2
    assert await scene.reported() == [2] * 12


# --- what is rejected


async def test_rejected_lines_are_told_by_the_lines_of_the_file(scene: Scene, csv_file: Path) -> None:
    report = csv_file.with_name("afgewezen.txt")
    text = csv_file.read_bytes().decode().replace(";o9;9;", ";o9;veel;bel 123456782").replace(";o10;", ";o99;")
    csv_file.write_bytes((text + f"{scene.provider};o0;1;;;te veel\r\n").encode())
    for lines in (5000, 5):
        pushed = scene.push(csv_file, lines=lines, report=report)
        assert pushed.exit is Exit.SOME_REJECTED
        assert pushed.out.endswith("3 rejected\n")
        assert pushed.err.splitlines() == [
            "line 12, vrij: A number goes here, such as 3; 'veel' is none.",
            "line 12, opmerking: This holds a number that may be a BSN; take it out. "
            "The service keeps nothing about a child.",
            "line 13: This offer does not exist.",
            "line 15: This holds more than there are columns; put text with a separator in it between quotes.",
        ]
        assert report.read_text().splitlines() == pushed.err.splitlines()
    assert (await scene.reported())[9:] == [0, 0, 2]


@pytest.mark.parametrize("lines", [5000, 3])
@pytest.mark.parametrize("name", SAVED)
async def test_a_file_of_excel_in_parts(scene: Scene, tmp_path: Path, name: str, lines: int) -> None:
    rows: list[list[Cell]] = [[scene.provider, f"o{n}", n, f"één\n{n}"] for n in range(12)]
    rows[9][2] = "#N/B"
    path = tmp_path / name
    path.write_bytes(SAVED[name]([["aanbiederId", "sleutel", "vrij", "opmerking"], *rows, ["Totaal", None, 78]]))
    pushed = scene.push(path, lines=lines, language="nl")
    assert (pushed.exit, pushed.out) == (Exit.SOME_REJECTED, f"{name}: 11 verwerkt, 0 ongewijzigd, 2 afgewezen\n")
    hints = [line for line in pushed.err.splitlines() if not line.startswith("regel")]
    assert len(hints) == (name in {"csv.csv", "tekst.txt"})
    # a note over two lines makes lines of a text of one row
    places = (11, 14) if name.endswith(".xlsx") else (20, 26)
    assert [line.partition(":")[0] for line in pushed.err.splitlines()[len(hints) :]] == [
        f"regel {places[0]}, vrij",
        f"regel {places[1]}",
    ]
    assert (await scene.reported()) == [1] * 9 + [0] + [1] * 2


async def test_a_workbook_that_is_stopped_goes_on_where_it_was(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "werkmap.csv"
    rows: list[list[Cell]] = [[scene.provider, f"o{n}", n] for n in range(12)]
    path.write_bytes(xlsx([["aanbiederId", "sleutel", "vrij"], *rows]))
    scene.flaky.script.extend(["well", "well", *["lost after"] * TRIES])
    assert scene.push(path, lines=3).exit is Exit.UNAVAILABLE
    pushed = scene.push(path, lines=3)
    assert (pushed.exit, pushed.out) == (Exit.DONE, "werkmap.csv: 12 accepted, 0 unchanged, 0 rejected\n")
    assert await scene.reported() == [1] * 12, "none is in it twice"


@pytest.mark.parametrize("lines", [5000, 2])
async def test_lines_that_an_open_quote_takes_along_are_named(scene: Scene, tmp_path: Path, lines: int) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{scene.provider};o{n};1;" for n in range(5)]
    rows[2] += '"Noord'
    path.write_text("\n".join(["aanbiederId;sleutel;vrij;opmerking", *rows]))
    pushed = scene.push(path, lines=lines)
    assert (pushed.exit, pushed.out) == (Exit.SOME_REJECTED, "a.csv: 2 accepted, 0 unchanged, 3 rejected\n")
    assert [line.partition(":")[0] for line in pushed.err.splitlines()] == ["line 4", "line 5", "line 6"]
    assert "Not read: lines 4 to 6" in pushed.err


@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a.json"])
async def test_an_old_workbook_says_how_to_save_it(scene: Scene, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    pushed = scene.push(path)
    assert pushed.exit is Exit.NOT_SENT
    assert "save it as an Excel workbook (.xlsx)" in pushed.err


@pytest.mark.parametrize("suffix", [".json", ".ndjson"])
async def test_rejected_reports_are_told_by_their_place(scene: Scene, tmp_path: Path, suffix: str) -> None:
    reports = _reports(scene)
    reports[7] = reports[7] | {"waitingCount": 2.5, "kleur": "rood"}
    path = tmp_path / f"a{suffix}"
    path.write_text(json.dumps(reports)) if suffix == ".json" else _ndjson(path, reports)
    pushed = scene.push(path, lines=3, language="nl")
    assert (pushed.exit, pushed.out) == (Exit.SOME_REJECTED, f"a{suffix}: 11 verwerkt, 0 ongewijzigd, 1 afgewezen\n")
    assert pushed.err.splitlines() == [
        "regel 8, waitingCount: Hier hoort een geheel getal.",
        "regel 8, kleur: Dit veld bestaat niet; haal het weg of verbeter de naam.",
    ]


@pytest.mark.parametrize("lines", [5000, 3])
async def test_lines_that_are_no_json_are_told_by_their_line_in_the_file(
    scene: Scene, tmp_path: Path, lines: int
) -> None:
    path = _ndjson(tmp_path / "a.ndjson", _reports(scene))
    written = path.read_text().splitlines()
    written[7] = '{"offerId" 1}'
    written[9] = '{"placesFree": 1, "placesFree": 2, "note": "", "note": ""}'
    path.write_text("\n".join(["", *written]))
    pushed = scene.push(path, lines=lines, language="nl")
    assert (pushed.exit, pushed.out) == (Exit.SOME_REJECTED, "a.ndjson: 10 verwerkt, 0 ongewijzigd, 2 afgewezen\n")
    assert pushed.err.splitlines() == [
        "regel 9: Dit is geen geldige JSON (regel 9, teken 12): Expecting ':' delimiter.",
        "regel 11: 'placesFree': Dit veld staat er meer dan eens in (regel 11); noem het een keer.",
        "regel 11: 'note': Dit veld staat er meer dan eens in (regel 11); noem het een keer.",
    ]
    assert await scene.reported() == [1] * 7 + [0, 1, 0] + [1] * 2


async def test_the_screen_shows_the_first_and_the_report_all(scene: Scene, tmp_path: Path) -> None:
    path = _ndjson(tmp_path / "a.ndjson", [{"offerId": scene.offers[0]["id"]}] * 60)
    pushed = scene.push(path, report=tmp_path / "alles.txt")
    assert len(pushed.err.splitlines()) == 51
    assert "10 more" in pushed.err
    assert len((tmp_path / "alles.txt").read_text().splitlines()) == 60


async def test_what_stands_in_a_file_is_shown_as_it_is(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("aanbodId;vrij;[red]\nx;1;2\n")
    assert "[red]: No such column" in scene.push(path).err


# --- a service that fails


@pytest.mark.parametrize("what", ["429", "503", "500", "502 html", "lost before", "lost after"])
async def test_what_fails_for_a_while_is_tried_again_and_sent_once(scene: Scene, csv_file: Path, what: str) -> None:
    scene.flaky.script.extend(["well", what, what, what])
    pushed = scene.push(csv_file, lines=5)
    assert (pushed.exit, pushed.out) == (Exit.DONE, "capaciteit.csv: 12 accepted, 0 unchanged, 0 rejected\n")
    assert await scene.reported() == [1] * 12
    assert len(scene.flaky.keys) == 6
    assert len(set(scene.flaky.keys)) == 3
    assert len(pushed.waits) == len(pushed.err.splitlines()) == 3
    for number, seconds in enumerate(pushed.waits):
        asked = 7 if what == "429" else 0
        assert asked + 2**number / 2 <= seconds <= asked + 2**number


async def test_gives_up_after_a_while_and_goes_on_later(scene: Scene, csv_file: Path) -> None:
    scene.flaky.script.extend(["well", *["503"] * TRIES])
    pushed = scene.push(csv_file, lines=5)
    assert (pushed.exit, pushed.out, len(pushed.waits)) == (Exit.UNAVAILABLE, "", TRIES - 1)
    assert max(pushed.waits) <= 60
    assert await scene.reported() == [1] * 5 + [0] * 7
    again = scene.push(csv_file, lines=5)
    assert (again.exit, again.out) == (Exit.DONE, "capaciteit.csv: 12 accepted, 0 unchanged, 0 rejected\n")
    assert "1 part(s)" in again.err
    assert await scene.reported() == [1] * 12


async def test_a_service_that_is_not_there(scene: Scene, csv_file: Path) -> None:
    pushed = scene.push(csv_file, url="http://127.0.0.1:1/v1")
    assert (pushed.exit, len(pushed.waits)) == (Exit.UNAVAILABLE, TRIES - 1)
    assert "ConnectError" in pushed.err


async def test_does_not_wait_for_hours(scene: Scene, csv_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ANSWERS, "429", [(b"retry-after", b"3600")])
    scene.flaky.script.append("429")
    pushed = scene.push(csv_file)
    assert (pushed.exit, pushed.waits) == (Exit.UNAVAILABLE, [])


async def test_a_wait_until_a_date(scene: Scene, csv_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ANSWERS, "429", [(b"retry-after", b"Sat, 01 Jan 2000 00:00:00 GMT")])
    scene.flaky.script.append("429")
    assert scene.push(csv_file).exit is Exit.DONE


async def test_a_token_that_is_no_longer_good_is_renewed(scene: Scene, csv_file: Path) -> None:
    scene.flaky.script.extend(["well", "401"])
    pushed = scene.push(csv_file, lines=5)
    assert (pushed.exit, pushed.waits, scene.flaky.tokens) == (Exit.DONE, [], 2)
    assert await scene.reported() == [1] * 12
    scene.flaky.script.extend(["401", "401"])
    pushed = scene.push(csv_file)
    assert (pushed.exit, pushed.waits) == (Exit.NOT_SENT, [])
    assert f"does not know client {scene.client}" in pushed.err


async def test_a_token_is_renewed_before_its_end(scene: Scene) -> None:
    now = [0.0]
    with httpx.Client(base_url=f"{scene.url}/v1", timeout=PATIENCE) as http:
        service = Service(http, scene.client, SECRET, "en", lambda _: None, clock=lambda: now[0])
        for now[0], tokens in ((0, 1), (869, 1), (871, 2), (1740, 2), (1742, 3)):
            assert service.ask("GET", "me")["providerId"] == scene.provider
            assert scene.flaky.tokens == tokens


# --- stopped halfway


async def test_a_push_that_is_killed_goes_on_and_sends_nothing_twice(scene: Scene, csv_file: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "push", str(csv_file), "--url", scene.url, "--client", scene.client]
    environment = {**os.environ, "WIJZER_CLIENT_SECRET": SECRET}
    with subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--lines", "4", "--language", "en"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        scene.flaky.script.extend(["well", process.kill])
        process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert await scene.reported() == [1] * 8 + [0] * 4, "the second part was taken in, and nobody heard of it"
    state = csv_file.with_name("capaciteit.csv.push-state")
    assert len(json.loads(state.read_text())["sent"]) == 1
    assert SECRET not in state.read_text()
    assert state.stat().st_mode & 0o077 == 0
    pushed = scene.push(csv_file, lines=4)
    assert (pushed.exit, pushed.out) == (Exit.DONE, "capaciteit.csv: 12 accepted, 0 unchanged, 0 rejected\n")
    assert await scene.reported() == [1] * 12
    first, second, again, third = scene.flaky.keys
    assert second == again
    assert len({first, second, third}) == 3
    assert not state.exists()


async def test_rejected_lines_are_told_after_going_on_too(scene: Scene, csv_file: Path) -> None:
    csv_file.write_bytes(csv_file.read_bytes().replace(b";o0;0;", b";o0;-1;"))
    scene.flaky.script.extend(["well", *["503"] * TRIES])
    assert scene.push(csv_file, lines=5).exit is Exit.UNAVAILABLE
    pushed = scene.push(csv_file, lines=5)
    assert pushed.exit is Exit.SOME_REJECTED
    assert "line 2, vrij: At least 0." in pushed.err


@pytest.mark.parametrize("change", ["file", "lines", "broken state", "state of another form"])
async def test_goes_on_only_with_the_same(scene: Scene, csv_file: Path, change: str) -> None:
    state = csv_file.with_name("anders.state")
    scene.flaky.script.extend(["well", *["503"] * TRIES])
    scene.push(csv_file, lines=5, state=state)
    if change == "file":
        csv_file.write_bytes(csv_file.read_bytes().replace(b";o0;0;", b";o0;7;"))
    elif change != "lines":
        state.write_text("{" if change == "broken state" else json.dumps(json.loads(state.read_text()) | {"form": 0}))
    pushed = scene.push(csv_file, lines=6 if change == "lines" else 5, state=state)
    assert pushed.exit is Exit.DONE
    assert "sent before" not in pushed.err
    assert await scene.reported() == [2] * 5 + [1] * 7
    assert not state.exists()


# --- locations and offers


async def test_a_catalogue_of_locations_and_offers(scene: Scene, tmp_path: Path) -> None:
    offer = {"careType": "gezinshuis", "ageMin": 4, "ageMax": 17, "locationKey": "nest"}
    content = {
        "locations": [{"key": "nest", "name": "Het Nest", "postcode": "1781AB"}],
        "requests": [offer | {"key": "o0", "name": "Anders"}, offer | {"key": "fout", "name": "X", "ageMin": 18}],
    }
    path = tmp_path / "aanbod.json"
    path.write_text(json.dumps(content))
    dry = scene.push(path, dry_run=True, end_missing=True)
    assert dry.exit is Exit.SOME_REJECTED
    assert dry.out.splitlines()[:2] == [
        "location nest: created",
        "offer o0: replaced name Gezinshuis De Duinen → Anders; ageMin 0 → 4; locationKey here → nest",
    ]
    assert dry.out.splitlines()[-1] == "aanbod.json: 1 created, 1 replaced, 0 unchanged, 11 ended, 1 rejected"
    assert dry.err == "line 2, offer fout, ageMax: ageMin is above ageMax.\n"
    assert len(await history(scene.world, scene.offers[0])) == 0
    listed = await scene.world.ok(
        scene.world.http.get(f"/v1/providers/{scene.provider}/offers", headers=scene.world.gi)
    )
    assert len(listed["items"]) == 12
    done = scene.push(path, end_missing=True)
    assert (done.exit, done.out) == (dry.exit, dry.out)
    listed = await scene.world.ok(
        scene.world.http.get(f"/v1/providers/{scene.provider}/offers", headers=scene.world.gi)
    )
    assert [each["name"] for each in listed["items"]] == ["Anders"]


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"Date": "Sat, 01 Jan 2000 00:00:00 GMT", "Retry-After": "Sat, 01 Jan 2000 00:02:00 GMT"}, [120.5]),
        ({"Date": "Sat, 01 Jan 2000 00:02:00 GMT", "Retry-After": "Sat, 01 Jan 2000 00:00:00 GMT"}, [0.5]),
        ({"Retry-After": "Sat, 01 Jan 2000 00:02:00 GMT"}, [0.5]),  # what time the service has is not known
        ({"Date": "Sat, 01 Jan 2000 00:00:00 GMT", "Retry-After": "morgen"}, [0.5]),
        ({"Retry-After": "7"}, [7.5]),
    ],
)
def test_a_date_to_wait_for_is_by_the_clock_of_the_service(headers: dict[str, str], waits: list[float]) -> None:
    answers = iter([httpx.Response(429, headers=headers), httpx.Response(200, json={"access_token": "t"})])
    waited: list[float] = []
    with httpx.Client(base_url="https://example.org", transport=httpx.MockTransport(lambda _: next(answers))) as http:
        service = Service(http, "duinen", "geheim", "nl", lambda _: None, waited.append, chance=lambda: 0.0)
        answers = iter([*answers, httpx.Response(200, json={"done": True})])
        assert service.ask("GET", "me") == {"done": True}
    assert waited == waits
