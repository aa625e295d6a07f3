"""Nothing about a child reaches a log line, whatever goes right or wrong with a request."""

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import redirect_stderr
from io import StringIO
from typing import Any, Literal

import pytest
import structlog
from sqlalchemy import text

from app.kit.http.dependencies import Reading
from app.kit.monitoring import log_events
from app.kit.monitoring import logging as kit_logging
from app.kit.monitoring.log_events import (
    REQUEST_DONE,
    Event,
    LogFieldError,
    log,
)
from app.main import create_app
from app.settings import Settings
from tests.conftest import SavepointDatabase, SettableClock, asking
from tests.world import World, match_request

Configure = Callable[..., StringIO]
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def configure(settings: Settings) -> Iterator[Configure]:
    """Sets logs up as `wijzer serve` does, with these settings; gives the standard error that they go to."""
    loggers = [logging.getLogger(), logging.getLogger("uvicorn.error")]
    before = [(each.handlers[:], each.level) for each in loggers]

    def set_up(**changes: Any) -> StringIO:
        with redirect_stderr(StringIO()) as stream:
            kit_logging.configure(settings.model_copy(update=changes))
        return stream

    yield set_up
    structlog.reset_defaults()
    for each, (handlers, level) in zip(loggers, before, strict=True):
        each.handlers[:] = handlers
        each.setLevel(level)


@pytest.fixture
def lines(configure: Configure) -> Lines:
    """What was logged since the last time, at the lowest level: each line is JSON."""
    stream = configure(log_level="debug")

    def read() -> list[dict[str, Any]]:
        written = stream.getvalue().splitlines()
        stream.seek(0)
        stream.truncate()
        return [json.loads(line) for line in written]

    return read


@pytest.fixture
async def failing(settings: Settings, database: SavepointDatabase, clock: SettableClock) -> AsyncIterator[World]:
    """The service with endpoints that fail on what was asked."""
    app = create_app(settings, database=database, clock=clock)

    @app.get("/v1/raises/{child}", include_in_schema=False)
    async def raises(child: str) -> None:
        raise ValueError(f"no room for {child}")

    @app.get("/v1/selects/{child}", include_in_schema=False)
    async def selects(child: str, session: Reading) -> None:
        await session.execute(text("SELECT CAST(CAST(:child AS text) AS integer)"), {"child": child})

    async with asking(app) as made:
        yield made


def assert_nothing_of(values: list[str], logged: list[dict[str, Any]]) -> None:
    """None of the values is in a line; times and ids, which are made up of digits, could hold some by chance."""
    chance = {"timestamp", "duration_ms", "request_id", "trace_id"}
    assert logged
    for line in logged:
        written = json.dumps({key: value for key, value in line.items() if key not in chance}, ensure_ascii=False)
        assert [value for value in values if value.lower() in written.lower()] == []


async def test_a_match_leaves_no_trace_of_the_child(world: World, lines: Lines) -> None:
    offer = await world.add_offer(name="Huize Weltevree", specialisations=["trauma"])
    await world.add_contract(offer["providerId"])
    await world.report(offer, note="Bel Wilhelmina")
    lines()
    measure = {"type": "62", "imposedOn": "2026-10-13"}
    child = {"birthMonth": "2013-07", "gender": "male", "postcode": "1786", "measure": measure}
    body = match_request(child=child, needs=["trauma"])
    answer = await world.http.post("/v1/matches?explain=true", json=body, headers=world.gi)
    assert answer.status_code == 200, answer.text
    logged = lines()
    of_the_child = ["2013-07", "male", "1786", '"62"', "2026-10-13", "GM0400", "gezinshuis", "trauma"]
    assert_nothing_of([*of_the_child, "explain", "Weltevree", "Wilhelmina", offer["id"]], logged)
    (line,) = [each for each in logged if each["event"] == "request.done"]
    assert (line["method"], line["status"], line["client"], line["role"]) == ("POST", 200, "test-gi", "gi")
    assert line["route"].endswith("/matches")
    assert line["request_id"] == answer.headers["x-request-id"]


async def test_a_refused_match_leaves_no_trace_either(world: World, lines: Lines) -> None:
    body = match_request(
        child={
            "birthMonth": "2013-Pietje",
            "gender": "Wilhelmina",
            "postcode": "17ZZQ",
            "municipality": "Sprookjesstad",
            "name": "Hans",
            "bsn": "123456782",
            "measure": {"type": "BSN 123456782", "imposedOn": "Grietje"},
        },
        choices=[{"careType": "bij-oma-Annie"}],
        Roodkapje=True,
    )
    answer = await world.http.post("/v1/matches?kind=Repelsteel", json=body, headers=world.gi)
    assert answer.status_code == 400
    values = [
        "Pietje",
        "Wilhelmina",
        "17ZZQ",
        "Sprookjes",
        "Hans",
        "123456782",
        "Grietje",
        "Annie",
        "Roodkapje",
        "Repelsteel",
    ]
    assert_nothing_of(values, lines())
    answer = await world.http.post("/v1/matches", content=b'{"child": "Pietje', headers=world.gi)
    assert answer.status_code in {400, 415}
    assert_nothing_of(values, lines())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/Pietje?name=Wilhelmina", 404),
        ("GET", "/v1/postcodes/Pietje", 400),
        ("GET", "/v1/postcodes/1786?child=Pietje", 400),
        ("GET", "/v1/offers/Pietje", 404),
        ("PIETJE", "/v1/matches", 405),
        ("PIETJE", "/v1/Wilhelmina", 404),
        ("GET", "/v1/raises/Pietje?x=Wilhelmina", 500),
        ("GET", "/v1/selects/Pietje", 500),
    ],
)
async def test_no_path_query_or_method_is_logged(
    failing: World, lines: Lines, method: str, path: str, status: int
) -> None:
    headers = failing.gi | {"User-Agent": "Pietje", "Referer": "https://x.example/Wilhelmina", "Cookie": "k=Pietje"}
    answer = await failing.http.request(method, path, headers=headers)
    assert answer.status_code == status
    logged = lines()
    assert_nothing_of(["Pietje", "Wilhelmina", "1786"], logged)
    assert [each["status"] for each in logged if each["event"] == "request.done"] == [status]


async def test_secrets_and_tokens_are_not_logged(world: World, lines: Lines) -> None:
    form = {"grant_type": "client_credentials", "client_id": "Pietje", "client_secret": "Wilhelmina"}
    assert (await world.http.post("/v1/oauth/token", data=form)).status_code == 401
    logged = lines()
    assert_nothing_of(["Pietje", "Wilhelmina"], logged)
    assert {"event": "token.refused", "level": "warning", "reason": "invalid_client"}.items() <= logged[0].items()
    headers = world.gi
    await world.http.get("/v1/me", headers=headers)
    await world.http.get("/v1/me", headers={"Authorization": headers["Authorization"] + "x"})
    assert_nothing_of([headers["Authorization"].split(".")[1]], lines())


async def test_a_failure_says_where_it_was(failing: World, lines: Lines) -> None:
    answer = await failing.http.get("/v1/raises/Pietje", headers={"X-Request-Id": "melding-1234"})
    (failed, done) = lines()
    assert (failed["event"], failed["level"]) == ("request.failed", "error")
    assert failed["error"] == "builtins.ValueError"
    assert any("test_log_events.py" in frame and frame.endswith(" raises") for frame in failed["frames"])
    assert failed["route"] == "/v1/raises/{child}"
    assert failed["request_id"] == done["request_id"] == answer.headers["x-request-id"] == "melding-1234"


def test_exceptions_of_libraries_are_logged_without_their_text(lines: Lines) -> None:
    try:
        int("Pietje")
    except ValueError:
        logging.getLogger("some.library").exception("It failed")
    (line,) = lines()
    assert line["event"] == "It failed"
    assert line["level"] == "error"
    assert "Pietje" not in json.dumps(line)


def test_libraries_are_heard_from_warning_on(lines: Lines) -> None:
    logging.getLogger("some.library").info("Chatter")
    logging.getLogger("some.library").warning("Trouble")
    assert [line["event"] for line in lines()] == ["Trouble"]


@pytest.mark.parametrize(
    ("level", "expected"),
    [("debug", ["d", "i", "w", "e"]), ("info", ["i", "w", "e"]), ("warning", ["w", "e"]), ("error", ["e"])],
)
def test_the_lowest_level_is_a_setting(configure: Configure, level: str, expected: list[str]) -> None:
    stream = configure(log_level=level)
    levels: list[tuple[str, Literal["debug", "info", "warning", "error"]]]
    levels = [("d", "debug"), ("i", "info"), ("w", "warning"), ("e", "error")]
    for name, each in levels:
        log(Event(name, each, frozenset()))
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == expected


def test_the_format_for_people_is_no_json(configure: Configure) -> None:
    stream = configure(log_format="console")
    log(REQUEST_DONE, status=200)
    (line,) = stream.getvalue().splitlines()
    assert "request.done" in line
    assert not line.startswith("{")


@pytest.mark.parametrize("field", ["child", "body", "path", "query", "message", "birth_month"])
def test_a_field_that_an_event_does_not_have_is_refused(field: str) -> None:
    with pytest.raises(LogFieldError, match=f"request.done has no field {field}"):
        log(REQUEST_DONE, status=200, **{field: "Pietje"})


def test_every_event_has_a_name_of_its_own() -> None:
    events = [each for each in vars(log_events).values() if isinstance(each, Event)]
    assert len(events) > 5
    assert len({each.name for each in events}) == len(events)
