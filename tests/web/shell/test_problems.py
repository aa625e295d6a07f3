"""What goes wrong, as people read it: no word of the API, what is wrong by its label, and how to go on."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import app
from app.domain.language import Text
from app.kit.errors import ConflictError, InputError, InvalidInputError, KeyReusedError
from app.kit.security.callers import Role
from app.kit.validation import SCHEMA_TEXTS
from app.supply.capacity.figures import NEVER_EMPTY, NOT_WHOLE
from app.web.shell.forms import errors_of
from app.web.shell.problems import in_words, plain, said_of, told
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

APP: Final = Path(app.__file__).parent
NOT_ON_PAGES: Final = (
    "client",
    "standards",
    "demo",
    "access",  # organisations and clients: the API alone
    "notifying",
    "dossiers/deliveries",
    "dossiers/notifications",
    "dossiers/watches/notifications.py",
    "supply/offer_batches",
    "supply/reminders/mail_text.py",
    "supply/capacity_reports/schemas.py",  # JSON; a table that is pasted has columns of its own
    "kit",  # put into other words as a whole: `in_words` and `told`
    "reference/schemas.py",  # as kit
    "reference/former_municipalities.py",
    "domain",
    "web",
)
"""Whose texts pages do not show."""
_API_WORDS: Final = re.compile(
    r"\b[a-z]+[A-Z]\w*\b(?<!aanbodId)(?<!aanbiederId)(?<!aanbodSleutel)(?<!Intake)(?<!Behandeling)"
    r"|\b(?:GET|POST|PUT|PATCH|DELETE)\b|/v1|\bnull\b|\bJSON\b|\bIf-Match\b|\bETag\b|\bUUID\b"
)


def _texts() -> Iterator[tuple[str, str]]:
    """The Dutch of every text in the program that a page can show, with where it stands."""
    for path in sorted(APP.rglob("*.py")):
        name = path.relative_to(APP).as_posix()
        if any(name == each or name.startswith(f"{each}/") for each in NOT_ON_PAGES):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Text":
                for each in node.keywords:
                    if each.arg == "nl":
                        yield f"{name}:{node.lineno}", _written(each.value)


def _written(node: ast.expr) -> str:
    """What a text says, with dots for what is filled in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "…" for each in node.values)
    return re.sub(r"\{\w+\}", "…", str(node.value)) if isinstance(node, ast.Constant) else ""


def test_no_text_of_a_page_has_a_word_of_the_api() -> None:
    found = list(_texts())
    assert len(found) > 200
    assert [(where, text) for where, text in found if _API_WORDS.search(plain(text))] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("De laatste dag (validTo) ligt vóór de eerste (validFrom).", "De laatste dag ligt vóór de eerste."),
        ("Zoek een ander (POST /v1/matches).", "Zoek een ander."),
        ("Heropen haar eerst (status open).", "Heropen haar eerst."),
        ("Deze aanmelding is niet (meer) open (sinds mei).", "Deze aanmelding is niet (meer) open (sinds mei)."),
    ],
)
def test_brackets_for_callers_of_the_api_are_left_out(text: str, said: str) -> None:
    assert plain(text) == said


@pytest.mark.parametrize(
    ("code", "detail", "said"),
    [
        ("missing", "Dit veld is verplicht.", "Vul dit in."),
        ("missing", "Zeg waarom het wordt geweigerd.", "Zeg waarom het wordt geweigerd."),
        ("unknown-code", "Onbekende waarde 'x'; kies uit 'a' of 'b'.", "Kies een van de mogelijkheden."),
        ("format", "Dit is geen UUID.", "Kies er een uit de lijst."),
        ("format", "Hier hoort een datum, zoals 2026-11-22.", "Vul een datum in."),
        ("pattern", "Dit past niet op het patroon ^a+$.", "Dit is niet geschreven zoals het hoort."),
        ("missing", NEVER_EMPTY.nl, "Vul dit in."),
        ("type", NOT_WHOLE.nl, "Hier hoort een geheel getal; alleen uren per week kunnen halven hebben."),
        ("forbidden", "Van haar eigen jeugdregio (JZ03).", "Van haar eigen jeugdregio."),
        ("order", "De laatste dag (to) ligt vóór de eerste (from).", "De laatste dag ligt vóór de eerste."),
    ],
)
def test_what_is_wrong_with_a_field(code: str, detail: str, said: str) -> None:
    assert in_words(code, detail) == said


def test_what_every_schema_refuses_is_told_in_words_of_people() -> None:
    for kind, (code, text) in SCHEMA_TEXTS.items():
        assert not re.search(r"\d{4}-\d\d|UUID|patroon|\^", in_words(code, text.nl)), kind


def test_a_key_of_the_api_is_not_spoken_of() -> None:
    assert said_of(KeyReusedError()) == "Dit formulier is al eens verstuurd."
    assert said_of(ConflictError(Text(nl="Er is al een laatste dag (validTo).", en=""))) == "Er is al een laatste dag."


def test_what_is_wrong_with_one_of_several_is_of_their_field() -> None:
    text = Text(nl="Hooguit 5 tekens.", en="")
    found = errors_of(InvalidInputError(*(InputError(at, "too-long", text) for at in (
        "#/productCodes/2", "#/points/0/on", "#/query/region", "#/path/organisationId"))))  # fmt: skip
    assert [*found] == ["/productCodes", "/points/0/on", "/region", "/organisationId"]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429, 500, 503])
def test_every_problem_says_how_to_go_on(status: int) -> None:
    page = told({"status": status, "title": "Titel", "detail": "Uitleg (validTo)."}, "kenmerk-1")
    assert page.title != "Titel"
    assert page.on.endswith(".")
    assert not _API_WORDS.search(" ".join((page.title, page.what, page.on)))


async def test_what_is_wrong_in_an_address_is_told_by_its_label(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    page = page_of(await region.get("/overzicht/plan?maand=mei"), 400)
    assert [each.text().partition(":")[0] for each in page.css("[role=alert] li")] == ["Maand"]
    words = text_of(await region.get(f"/overzicht/plan?maand={'x' * 50}"), "[role=alert]", 400)
    assert "Hooguit 40 tekens" in words
    assert "Ga terug" in words
    assert "errors" not in words


async def test_a_page_that_is_not_there(world: World) -> None:
    words = text_of(await Browser(world).get("/niets"), "[role=alert]", 404)
    assert words == "Deze pagina bestaat niet. Kijk het adres na, of zoek het vanaf het begin."
