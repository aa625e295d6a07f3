"""Files as institutions have them: the same children in every form, columns by any of their names, codes by theirs."""

import gzip
from datetime import date
from typing import Any

import orjson
import pytest

from app.dossiers.deliveries.columns import CELLS, LAYOUT
from app.kit.media_types import NDJSON
from app.kit.security.callers import Role
from tests.dossiers.deliveries.scene import (
    PATH,
    child,
    deliver,
    errors,
    history,
    other_gi,
    requests,
    send,
    statuses,
)
from tests.kit.files.saved import MEDIA_TYPES, SAVED, XLSX, Cell, csv_utf8, csv_windows, xlsx
from tests.world import World, codes

HEADING = [
    *("Kenmerk", "Geboortemaand", "Geslacht", "Gemeente", "Postcode", "Soort maatregel", "Datum uitspraak"),
    *(
        "Machtiging",
        "Wacht sinds",
        "Eerste keus",
        "Tweede keus",
        "Wensen",
        "Bijzonderheden",
        "Vaste jeugdbeschermer op",
    ),
    *("Overbrugging", "Oorzaken", "Toelichting", "Reden van sluiten"),
]
FIRST: list[Cell] = [
    *("K-1", "2014-05", "meisje", "Den Helder", 1781, 11, date(2026, 5, 12)),
    *(
        "nee",
        date(2026, 5, 20),
        "Gezinshuis",
        "pleegzorg-voltijd",
        "Trauma; lvb",
        "Frequent weglopen",
        date(2026, 5, 15),
    ),
    *("ja", "Wachtlijst bij de aanbieder, no-contract", 'Geen plek; "nergens"\nbinnen 40 km', None),
]
SECOND: list[Cell] = [
    *("K-2", "mei 2012", "M", "GM0361", None, None, None),
    *(None, date(2026, 11, 2), "JEUGDZORGPLUS (gesloten jeugdhulp)", None, None, None, None),
    *("nee", None, None, "Hulp niet meer nodig voordat zij begon"),
]
AS_JSON: list[dict[str, Any]] = [
    {
        "childReference": "K-1",
        "birthMonth": "2014-05",
        "gender": "female",
        "municipality": "GM0400",
        "postcode": "1781",
        "measureType": "11",
        "measureImposedOn": "2026-05-12",
        "courtAuthorisation": False,
        "requestedOn": "2026-05-20",
        "choice1": "gezinshuis",
        "choice2": "pleegzorg-voltijd",
        "wishes": ["trauma", "lvb"],
        "characteristics": ["weglopen"],
        "protectionWorkerOn": "2026-05-15",
        "bridging": True,
        "causes": ["waiting-list", "no-contract"],
        "explanation": 'Geen plek; "nergens"\nbinnen 40 km',
    },
    {
        "childReference": "K-2",
        "birthMonth": "2012-05",
        "gender": "male",
        "municipality": "GM0361",
        "requestedOn": "2026-11-02",
        "choice1": "jeugdzorgplus",
        "bridging": False,
        "closedReason": "help-not-needed",
    },
]
OUR_OWN = {"id", "organisationId"}


async def _as_kept(world: World, headers: dict[str, str]) -> list[Any]:
    kept = sorted(await requests(world, headers), key=lambda each: str(each["childReference"]))
    return [
        (
            {name: value for name, value in each.items() if name not in OUR_OWN},
            await history(world, each["id"], headers),
        )
        for each in kept
    ]


@pytest.mark.parametrize("name", [*SAVED, "ndjson", "gzip"])
async def test_the_same_children_in_every_form(world: World, name: str) -> None:
    as_json = other_gi(world)
    assert statuses(await deliver(world, *AS_JSON, headers=as_json)) == ["accepted", "accepted"]
    expected = await _as_kept(world, as_json)
    own, packed = world.gi, {"Content-Encoding": "gzip"}
    rows: list[list[Cell]] = [list(HEADING), FIRST, [None] * len(HEADING), SECOND, ["Totaal", None, 2]]
    if name == "ndjson":
        body, media_type = b"\n".join(map(orjson.dumps, AS_JSON)), NDJSON
    elif name == "gzip":
        body, media_type, own = gzip.compress(csv_utf8(rows[:2] + rows[3:4])), "text/csv", world.gi | packed
    else:
        body, media_type = SAVED[name](rows), MEDIA_TYPES[name]
    answer = await send(world, body, media_type, headers=own)
    is_table = name in SAVED
    assert statuses(answer) == ["accepted", "accepted", *(["rejected"] if is_table else [])], answer.text
    if is_table:
        assert {each["code"] for each in answer.json()["items"][2]["problem"]["errors"]} == {"totals-row"}
    assert await _as_kept(world, world.gi) == expected
    again = await send(world, body, media_type, headers=own)
    assert statuses(again) == ["unchanged", "unchanged", *(["rejected"] if is_table else [])], again.text
    assert statuses(await deliver(world, *AS_JSON)) == ["unchanged", "unchanged"], "the same in JSON"
    assert await _as_kept(world, world.gi) == expected


async def test_an_empty_cell_empties_what_may_be_empty(world: World) -> None:
    body = child(courtAuthorisation=True, courtAuthorisationUntil="2027-02-28", needs=["trauma"], choice2="logeren")
    body |= {"neededBy": "2026-12-15", "siblingGroup": "gezin-31", "careWorker": "w-12"}
    body |= {"courseOn": "2026-11-20", "bridgedOn": "2026-11-01"}
    await deliver(world, body)
    emptied = [
        *("kenmerk", "machtiging", "machtigingTot", "eisen", "nodigOp", "gezin", "medewerker", "koersOp"),
        *("overbrugging", "overbrugdSinds", "keus2", "maatregel", "datum uitspraak", "postcode", "geslacht"),
        *("wachtSinds", "oorzaken", "toelichting", "redenSluiten", "geslotenOp", "jeugdbeschermerOp"),
    ]
    rows = f"{';'.join(emptied)}\n{body['childReference']}{';' * (len(emptied) - 1)}\n"
    assert statuses(await send(world, rows)) == ["accepted"]
    [now] = await requests(world)
    kept = now["child"]
    assert (kept["courtAuthorisation"], kept["courtAuthorisationUntil"], kept["measure"]) == (False, None, None)
    assert (kept["postcode"], kept["gender"]) == (None, "unknown")
    assert [now[name] for name in ("needs", "neededBy", "siblingGroup", "careWorker", "bridgedOn")] == [[], *[None] * 4]
    assert [each["careType"] for each in now["choices"]] == ["gezinshuis"]
    assert (now["milestones"], now["requestedOn"], now["status"]) == ([], "2026-10-20", "open")
    assert statuses(await send(world, rows)) == ["unchanged"]
    for column in ("geboortemaand", "gemeente", "keus1"):
        answer = await send(world, f"kenmerk;{column};eisen\n{body['childReference']};;lvb\n")
        assert errors(answer.json()["items"][0]) == {f"#/line/2/{column}": "missing"}


async def test_errors_name_line_and_column_as_the_file_does(world: World) -> None:
    rows = [
        "Kenmerk;geboorte maand;Gemeente;1e keus;2e keus;3e keus;Toelichting;Reden sluiten;gesloten op;Start hulp",
        "K-1;13-05-2014;Den Helder;gezinshuis;;;;;;",
        "K-2;voorjaar;Het Bildt;gezinshuis;;logeren;bel 111222333;;;",
        "Jan;2014-05;Den Helder;kasteel;;;Geen plek.;;20-11-2026;",
        ";;;;;;;;;",
        "3-dec;2014-05;GM9999;gezinshuis;;;;;;#N/B",
        "K-4;2014-05;Den Helder;gezinshuis;;;;;;1-12-2026;te veel",
        'K-5;2014-05;Den Helder;gezinshuis;;;"a"b;;;',
        ";2014-05;Den Helder;gezinshuis;;;;;;",
        "K-6;2014-05;Den Helder;gezinshuis;;;;;;24-11-2026",
    ]
    answer = await send(world, "\n".join(rows))
    assert [(item["line"], errors(item)) for item in answer.json()["items"]] == [
        (2, {"#/line/2/geboorte%20maand": "full-date"}),
        (
            3,
            {
                "#/line/3/geboorte%20maand": "format",
                "#/line/3/Gemeente": "municipality-code",
                "#/line/3/Toelichting": "bsn",
            },
        ),
        (
            4,
            {
                "#/line/4/Kenmerk": "pattern",
                "#/line/4/1e%20keus": "unknown-code",
                "#/line/4/causes": "goes-with-explanation",
                "#/line/4/Reden%20sluiten": "goes-with-closing",
            },
        ),
        (
            6,
            {
                "#/line/6/Kenmerk": "mangled",
                "#/line/6/Gemeente": "unknown-code",
                "#/line/6/Start%20hulp": "error-value",
            },
        ),
        (7, {"#/line/7": "too-many-columns"}),
        (8, {"#/line/8": "invalid-csv"}),
        (9, {"#/line/9/Kenmerk": "missing"}),
        (10, {"#/line/10/gender": "missing"}),
    ]
    assert "Waadhoeke (GM1949)" in answer.json()["items"][1]["problem"]["errors"][1]["detail"]
    reason = answer.json()["items"][2]["problem"]["errors"][3]["detail"]
    assert reason == "Sluiten vraagt een reden: gesloten op gaat samen met Reden sluiten."
    assert await requests(world) == []


async def test_what_a_request_refuses_is_told_in_the_words_of_the_file(world: World) -> None:
    heading = "Kenmerk;geboortemaand;geslacht;Gemeente;1e keus;Soort maatregel;Datum uitspraak;Start uitvoering"
    rows = ["K-1;2014-05;v;Den Helder;gezinshuis;11;12-10-2026;1-10-2026", "K-2;2014-05;v;Den Helder;gezinshuis;11;;"]
    answer = await send(world, "\n".join([heading, *rows]))
    first, second = answer.json()["items"]
    assert errors(first) == {"#/line/2/Start%20uitvoering": "order"}
    assert first["problem"]["errors"][0]["detail"].endswith("(Datum uitspraak).")
    assert errors(second) == {"#/line/3/Datum%20uitspraak": "incomplete"}
    assert "(Soort maatregel)" in second["problem"]["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("gemeente", {"#/line/1/childReference": "missing"}),
        ("kenmerk;BSN;Naam;Geboortedatum", dict.fromkeys(("BSN", "Naam", "Geboortedatum"), "personal-data")),
        ("kenmerk;Peildatum;jeugdregio;Dagen over de norm;trede", None),
        ("kenmerk;gemente", {"#/line/1/gemente": "unknown-column"}),
        ("kenmerk;kleur", {"#/line/1/kleur": "unknown-column"}),
        ("kenmerk;child reference", {"#/line/1/child%20reference": "repeated"}),
    ],
)
async def test_a_column_that_is_not_read_refuses_the_file_and_says_why(
    world: World, heading: str, expected: dict[str, str] | None
) -> None:
    answer = await send(world, f"{heading}\nK-1\n")
    found = codes(answer)
    if expected is None:
        assert set(found.values()) == {"derived-column"}
        assert len(found) == 4
    else:
        assert found == {name if name.startswith("#") else f"#/line/1/{name}": code for name, code in expected.items()}
    said = " ".join(each["detail"] for each in answer.json()["errors"])
    assert ("'gemeente'" in said) == (heading == "kenmerk;gemente"), "the nearest is named"


async def test_a_quote_that_is_never_closed_names_the_children_that_it_took_along(world: World) -> None:
    heading = ["kenmerk", "geboortemaand", "geslacht", "gemeente", "postcode", "keus1", "oorzaken", "toelichting"]
    rows = [
        [f"K-{number}", "2014-05", "v", "Den Helder", "1781", "gezinshuis", "waiting-list", text]
        for number, text in enumerate(['"Geen plek', "Geen plek", 'Geen plek"', '"Ja; nee, misschien\n1-2 weken"'], 1)
    ]
    answer = await send(world, "\n".join(";".join(row) for row in (heading, *rows)))
    assert statuses(answer) == ["rejected", "rejected", "rejected", "accepted"]
    assert "regel 2 tot en met 4" in answer.json()["items"][0]["problem"]["errors"][0]["detail"]


async def test_another_encoding_and_other_sheets_are_told(world: World) -> None:
    rows: list[list[Cell]] = [["kenmerk", "toelichting", "oorzaken"], ["K-1", "één", "waiting-list"]]
    told = await send(world, csv_windows(rows))
    assert [each["code"] for each in told.json()["hints"]] == ["windows-1252"]
    told = await send(world, xlsx(rows, [["uitleg"]]), XLSX, headers=world.gi | {"Accept": NDJSON})
    *_, last = map(orjson.loads, told.content.splitlines())
    assert [each["code"] for each in last["hints"]] == ["other-sheets"]
    plain = await send(world, xlsx(rows), XLSX, headers=world.gi | {"Accept": NDJSON})
    assert len(plain.content.splitlines()) == 1


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("media_type", ["text/csv", XLSX])
async def test_the_template_has_every_column_and_is_taken_back(world: World, language: str, media_type: str) -> None:
    headers = world.gi | {"Accept-Language": language, "Accept": media_type}
    answer = await world.http.get(f"{PATH}/template", headers=headers)
    name = {"nl": "wachtende-kinderen", "en": "waiting-children"}[language]
    ending = "xlsx" if media_type == XLSX else "csv"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.{ending}"'
    assert answer.headers["content-language"] == language
    again = await world.http.get(f"{PATH}/template", headers=headers | {"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert codes(await send(world, answer.content, media_type)) == {"#": "too-few"}, "a heading and no child"
    assert len(LAYOUT.headings("nl")) == len(CELLS) == len(set(LAYOUT.headings("nl")))
    if media_type != XLSX:
        separator = ";" if language == "nl" else ","
        assert answer.content.decode("utf-8-sig").strip().split(separator) == LAYOUT.headings(
            "nl" if language == "nl" else "en"
        )


async def test_a_local_team_delivers_too(world: World) -> None:
    team = world.as_(Role.LOCAL_TEAM)
    assert statuses(await deliver(world, child(), headers=team)) == ["accepted"]
    assert await requests(world) == []
    assert len(await requests(world, team)) == 1
