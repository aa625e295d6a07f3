"""The files that are taken: NDJSON a line at a time, and CSV as spreadsheets write it."""

import io
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any

import orjson
import pytest
from openpyxl import load_workbook

from app.kit.errors import InvalidInputError
from app.kit.files.formats import LONGEST
from app.supply.capacity_reports.template import write_csv, write_xlsx
from tests.kit.files.saved import (
    MEDIA_TYPES,
    SAVED,
    XLSX,
    Cell,
    csv_dos,
    csv_mac,
    csv_utf8,
    xlsx,
)
from tests.supply.capacity_reports.sending import (
    NDJSON,
    PATH,
    current,
    errors,
    history,
    push,
    send,
    statuses,
)
from tests.supply.capacity_reports.tables import read_table
from tests.world import World, codes


@pytest.fixture
async def offer(world: World) -> dict[str, Any]:
    """The offer that the files are about, with the key `duinen`."""
    return await world.add_offer(key="duinen")


def _own(world: World, offer: dict[str, Any]) -> dict[str, str]:
    return world.provider(offer["providerId"])


async def test_ndjson_in_any_pieces(world: World, offer: dict[str, Any]) -> None:
    lines = [b"\xef\xbb\xbf" + orjson.dumps({"offerId": offer["id"], "placesFree": free}) for free in (1,)]
    lines += [b"", b"  ", orjson.dumps({"offerId": offer["id"], "placesFree": 2, "note": "één"})]
    body = b"\r\n".join(lines)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 7):
            yield body[start : start + 7]

    headers = _own(world, offer) | {"Content-Type": f"{NDJSON}; charset=utf-8"}
    answer = await world.http.post(PATH, content=pieces(), headers=headers)
    assert statuses(answer) == ["accepted", "accepted"]
    assert [item["line"] for item in answer.json()["items"]] == [1, 4]
    assert (await current(world, offer))["note"] == "één"


async def test_what_is_wrong_in_a_line_of_ndjson_leaves_the_others_be(world: World, offer: dict[str, Any]) -> None:
    good = orjson.dumps({"offerId": offer["id"], "placesFree": 1})
    bad = [b"{", b"[]", b'"\xff"', b'{"note": "' + b"x" * LONGEST + b'"}', b'{"placesFree": 1.3}', b"[" * 9999]
    answer = await send(world, _own(world, offer), b"\n".join([*bad, good, b""]), NDJSON)
    assert statuses(answer) == ["rejected"] * len(bad) + ["accepted"]
    assert [errors(item) for item in answer.json()["items"][:-1]] == [
        {"#/line/1": "invalid-json"},
        {"#/line/2": "type"},
        {"#/line/3": "unreadable"},
        {"#/line/4": "too-long"},
        {"#/line/5/placesFree": "type", "#/line/5/offerId": "missing"},
        {"#/line/6": "unreadable"},
    ]


async def test_a_huge_line_in_pieces_is_not_kept(world: World, offer: dict[str, Any]) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * LONGEST
        yield b"\n" + orjson.dumps({"offerId": offer["id"], "placesFree": 1})

    headers = _own(world, offer) | {"Content-Type": NDJSON}
    answer = await world.http.post(PATH, content=pieces(), headers=headers)
    assert statuses(answer) == ["rejected", "accepted"]


@pytest.mark.parametrize("media_type", [NDJSON, "text/csv"])
async def test_five_thousand_lines_and_no_more(world: World, offer: dict[str, Any], media_type: str) -> None:
    if media_type == NDJSON:
        start, line = b"", orjson.dumps({"offerId": offer["id"], "placesFree": 1}) + b"\n"
    else:
        start, line = b"offerId,placesFree\n", f"{offer['id']},1\n".encode()
    answer = await send(world, _own(world, offer), start + line * 5001, media_type)
    assert codes(answer) == {"#": "too-many"}
    assert await history(world, offer) == []
    answer = await send(world, _own(world, offer), start + line * 5000, media_type)
    assert statuses(answer) == ["unchanged"] * 4999 + ["accepted"]
    assert len(await history(world, offer)) == 1


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize(
    "heading",
    [
        "providerId,offerKey,placesTotal,placesFree,nextFreeOn,acceptsReferrals,note,observedAt",
        "aanbiederId;aanbodSleutel;plekkenTotaal;plekkenVrij;eerstvolgendVrijOp;neemtAanmeldingenAan;toelichting;peilmoment",
        "Aanbieder-ID;Sleutel;Totaal;Vrije plekken;Eerstvolgend vrij op;Aannamebereid;Opmerking;Peilmoment",
    ],
)
@pytest.mark.parametrize("day", ["2026-12-01", "01-12-2026", "1-12-2026"])
async def test_csv_as_spreadsheets_write_it(
    world: World, offer: dict[str, Any], bom: str, heading: str, day: str
) -> None:
    separator = ";" if ";" in heading else ","
    cells = [
        offer["providerId"],
        "duinen",
        " 4 ",
        "2",
        day,
        "nee",
        '"Groep; ""Noord"", één\nplek"',
        "20-11-2026T09:00:00+01:00",
    ]
    body = f"{bom}{heading}\r\n\r\n{separator * 7}\r\n{separator.join(cells)}\r\n"
    answer = await send(world, _own(world, offer), body.encode(), "text/csv; charset=utf-8")
    assert statuses(answer) == ["accepted"]
    assert answer.json()["items"][0]["line"] == 4
    standing = await current(world, offer)
    assert (standing["placesTotal"], standing["placesFree"], standing["waitingCount"]) == (4, 2, None)
    assert (standing["nextFreeOn"], standing["acceptsReferrals"]) == ("2026-12-01", False)
    assert standing["note"] == 'Groep; "Noord", één\nplek'
    assert standing["observedAt"] == "2026-11-20T08:00:00Z"


async def test_errors_in_a_table_name_line_and_column_as_the_file_does(world: World, offer: dict[str, Any]) -> None:
    lines = [
        "aanbodId;vrije plekken;totaal;opmerking;vrij op;",
        f"{offer['id']};2;1;;;",
        f"{offer['id']};twee;;bel 123456782;31-02-2026;",
        ";1;;;;",
        f"{offer['id']};;;a\x00b;;",
        f"{offer['id']};1;;;;;over",
        f'{offer["id"]};1;;"a"b;;',
        f"{offer['id']};1;;;;",
    ]
    lines[0] = lines[0].replace("vrij op", "eerstvolgend vrij op")
    answer = await send(world, _own(world, offer), "\n".join(lines))
    assert [errors(item) for item in answer.json()["items"][:-1]] == [
        {"#/line/2/vrije%20plekken": "over-total"},
        {
            "#/line/3/vrije%20plekken": "type",
            "#/line/3/opmerking": "bsn",
            "#/line/3/eerstvolgend%20vrij%20op": "format",
        },
        {"#/line/4/aanbodId": "missing"},
        {"#/line/5/vrije%20plekken": "missing", "#/line/5/opmerking": "control-character"},
        {"#/line/6": "too-many-columns"},
        {"#/line/7": "invalid-csv"},
    ]
    assert statuses(answer)[-1] == "accepted"


async def test_a_table_in_windows_1252_is_read_and_said(world: World, offer: dict[str, Any]) -> None:
    body = f"offerId,placesFree,note\n{offer['id']},1,één\n{offer['id']},2,een\n".encode("cp1252")
    answer = await send(world, _own(world, offer) | {"Accept-Language": "en"}, body)
    assert statuses(answer) == ["accepted", "accepted"]
    [hint] = answer.json()["hints"]
    assert hint["code"] == "windows-1252"
    assert "Windows-1252" in hint["detail"]
    assert "one" not in (await current(world, offer))["note"]
    wrong = await send(world, _own(world, offer), body.replace(b",2,", b",-2,"), path=f"{PATH}?atomic=true")
    assert wrong.status_code == 400
    assert [each["code"] for each in wrong.json()["hints"]] == ["windows-1252"]


@pytest.mark.parametrize(
    ("save", "code", "name"), [(csv_dos, "code-page-850", "MS-DOS"), (csv_mac, "mac-roman", "Mac")]
)
async def test_other_text_of_excel_is_read_as_what_it_is_and_said(
    world: World, offer: dict[str, Any], save: Any, code: str, name: str
) -> None:
    note = "Eén plek per 1-12 in de crèche van café Zuid-België, coördinatie à la carte"
    rows: list[list[Cell]] = [["aanbiederId", "sleutel", "vrij", "opmerking"], [offer["providerId"], "duinen", 2, note]]
    for accept in ("application/json", NDJSON):
        headers = _own(world, offer) | {"Accept": accept}
        answer = await send(world, headers, save(rows))
        told = answer.json() if accept != NDJSON else orjson.loads(answer.content.splitlines()[-1])
        [hint] = told["hints"]
        assert (hint["code"], name in hint["detail"]) == (code, True)
        assert (await current(world, offer))["note"] == note
    first, last = map(orjson.loads, answer.content.splitlines())
    assert (first["line"], list(last)) == (2, ["hints"])
    plain = await send(world, headers, csv_utf8(rows))
    assert len(plain.content.splitlines()) == 1, "of a file with nothing to tell there is a line for each report alone"


async def test_a_row_of_totals_is_told_without_a_label_and_beside_an_id(world: World, offer: dict[str, Any]) -> None:
    own: list[Cell] = [offer["providerId"], "duinen", 8, 2]
    totals: list[list[Cell]] = [[None, None], [offer["providerId"], "Totaal"], [offer["providerId"], "TOTAAL:"]]
    for last in ([*cells, 8, 2] for cells in totals):
        rows: list[list[Cell]] = [["aanbiederId", "sleutel", "totaal", "vrij"], own, last]
        answer = await send(world, _own(world, offer), xlsx(rows), XLSX)
        assert errors(answer.json()["items"][1]) == {"#/line/3": "totals-row"}
    beside = f";aanbiederId;sleutel;vrij\n;{offer['providerId']};duinen;2\nTotaal;;;2\n"
    answer = await send(world, _own(world, offer), beside)
    assert errors(answer.json()["items"][1]) == {"#/line/3": "totals-row"}
    alone = await send(world, _own(world, offer), "aanbodId;vrij\n;2\n")
    assert errors(alone.json()["items"][0]) == {"#/line/2/aanbodId": "missing"}, "it is not the last of several"
    await world.add_offer(offer["providerId"], "totaal")
    named: list[list[Cell]] = [["aanbiederId", "sleutel", "totaal", "vrij"], own, [offer["providerId"], "totaal", 8, 2]]
    assert statuses(await send(world, _own(world, offer), xlsx(named), XLSX)) == ["unchanged", "accepted"]


REPORTED = [
    "aanbiederId",
    "sleutel",
    "Totaal",
    "Vrije plekken",
    "eerstvolgend vrij",
    "neemt aan",
    "opmerking",
    "peilmoment",
]


@pytest.mark.parametrize("media_type", [None, "text/csv"])
@pytest.mark.parametrize("name", SAVED)
async def test_a_file_of_excel_is_taken_in_whatever_it_is_called(
    world: World, offer: dict[str, Any], name: str, media_type: str | None
) -> None:
    moment = datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001 - as in a sheet
    own: list[Cell] = [offer["providerId"], "duinen\xa0", 1200, 2, date(2026, 12, 1), False, "één; 'n plek", moment]
    rows: list[list[Cell]] = [list(REPORTED), own, [None] * 8, [*own[:3], "#N/B", *own[4:]], ["Totaal", None, 2400]]
    answer = await send(world, _own(world, offer), SAVED[name](rows), media_type or MEDIA_TYPES[name])
    assert statuses(answer) == ["accepted", "rejected", "rejected"]
    assert [item["line"] for item in answer.json()["items"]] == [2, 4, 5]
    assert [errors(item) for item in answer.json()["items"][1:]] == [
        {"#/line/4/Vrije%20plekken": "error-value"},
        {"#/line/5": "totals-row"},
    ]
    assert [each["code"] for each in answer.json()["hints"]] == (
        ["windows-1252"] if name in {"csv.csv", "tekst.txt"} else []
    )
    standing = await current(world, offer)
    assert (standing["placesTotal"], standing["placesFree"], standing["acceptsReferrals"]) == (1200, 2, False)
    assert (standing["nextFreeOn"], standing["note"]) == ("2026-12-01", "één; 'n plek")
    assert standing["observedAt"] == "2026-11-20T08:00:00Z"


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_what_is_no_table_says_how_to_save_it(world: World, language: str) -> None:
    body = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    answer = await send(world, world.admin | {"Accept-Language": language}, body, XLSX)
    assert codes(answer) == {"#": "old-workbook"}
    assert ".xlsx" in answer.json()["errors"][0]["detail"]


async def test_a_workbook_of_more_rows_than_one_call_takes(world: World, offer: dict[str, Any]) -> None:
    body = xlsx([["aanbodId", "vrij"], *[[offer["id"], 1]] * 5001])
    assert codes(await send(world, _own(world, offer), body, XLSX)) == {"#": "too-many"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", {"#": "too-few"}),
        ("offerId,placesFree\n", {"#": "too-few"}),
        ("\n\n  \n", {"#": "too-few"}),
        ("offerId,vrij,free,kleur\nx", {"#/line/1/free": "repeated", "#/line/1/kleur": "unknown-column"}),
        ("providerId,note\nx", {"#/line/1/offerId": "missing"}),
        ('"offerId,placesFree\nx', {"#/line/1": "unclosed-quote"}),
        ("PK\x03\x04", {"#": "broken-workbook"}),
        ("<html>", {"#": "no-table"}),
    ],
)
async def test_what_is_no_table_of_reports(world: World, body: str, expected: dict[str, str]) -> None:
    assert codes(await send(world, world.admin, body)) == expected


@pytest.mark.parametrize(
    ("language", "heading"),
    [("nl", "aanbodId;aanbiederId;aanbodSleutel;plekkenTotaal"), ("en", "offerId,providerId,offerKey,placesTotal")],
)
async def test_the_template_has_every_column_and_is_taken_back(
    world: World, offer: dict[str, Any], language: str, heading: str
) -> None:
    headers = _own(world, offer) | {"Accept-Language": language}
    answer = await world.http.get(f"{PATH}/template", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="capac')
    assert answer.content.startswith(b"\xef\xbb\xbf" + heading.encode())
    again = await world.http.get(f"{PATH}/template", headers=headers | {"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    separator = ";" if language == "nl" else ","
    line = separator.join([offer["id"], "", "", "4", "1", "1", "2", "3", "", "7", "14", "ja", "Noord", ""])
    assert statuses(await send(world, headers, answer.content + line.encode())) == ["accepted"]
    standing = await current(world, offer)
    report = {"offerId": offer["id"], "placesTotal": 4, "placesOccupied": 1, "placesReserved": 1, "placesFree": 2}
    report |= {"waitingCount": 3, "waitDaysIntake": 7, "waitDaysTreatment": 14, "note": "Noord"}
    assert statuses(await push(world, headers, report)) == ["unchanged"], "the same in JSON"
    assert standing["acceptsReferrals"] is True


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("save", SAVED.values())
async def test_the_template_as_a_workbook_is_taken_back_however_it_is_saved(
    world: World, offer: dict[str, Any], language: str, save: Any
) -> None:
    headers = _own(world, offer) | {"Accept-Language": language}
    answer = await world.http.get(f"{PATH}/template", headers=headers | {"Accept": XLSX})
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    assert "Accept" in answer.headers["vary"]
    again = await world.http.get(
        f"{PATH}/template", headers=headers | {"Accept": XLSX, "If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    [sheet] = load_workbook(io.BytesIO(answer.content))
    heading = [str(cell.value) for cell in sheet[1]]
    named: dict[str, Cell] = dict.fromkeys(heading)
    named |= {heading[0]: offer["id"], heading[6]: 2, heading[8]: date(2026, 12, 1), heading[11]: True}
    assert statuses(await send(world, headers, save([heading, list(named.values())]))) == ["accepted"]
    standing = await current(world, offer)
    assert (standing["placesFree"], standing["nextFreeOn"]) == (2, "2026-12-01")


def test_what_stands_is_written_as_it_is_read_back() -> None:
    row = ["a", None, None, 8, 6, 1.5, 1, 0, date(2026, 12, 1), 7, None, False, "één; plek", None]
    assert write_csv("nl", [row]).decode("utf-8-sig").splitlines()[1] == 'a;;;8;6;1,5;1;0;1-12-2026;7;;nee;"één; plek";'
    assert write_csv("en", [row]).decode("utf-8-sig").splitlines()[1] == "a,,,8,6,1.5,1,0,1-12-2026,7,,no,één; plek,"
    for body in (write_csv("nl", [row]), write_csv("en", [row]), write_xlsx("nl", [row])):
        [line] = read_table(body)
        assert isinstance(line.content, InvalidInputError)
        assert [each.code for each in line.content.errors] == ["format"], "the id, and nothing else"
