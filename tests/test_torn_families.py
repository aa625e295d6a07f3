"""Siblings whose dossiers came apart: every read and every page answers every party, and shows no dossier of others."""

import itertools
import re
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from tests.test_dossier_rights import NOT_OF_A_CHILD
from tests.torn_family import Family, torn_family
from tests.web.pages import browser_of
from tests.web.routes import STREAM, paths
from tests.world import World

STREAMS: Final = {"/v1/watches/events"}
FORMS: Final = {"what": ["aanmelden", "opschalen", "delen", "overdragen"]}
"""Pages of a child besides the first."""

SEES: Final[dict[str, set[str]]] = {
    "gi": {"stays", "went", "moved", "closed"},
    "receiver": {"went", "stays", "closed"},
    "offered": {"moved"},
    "team of the receiver": {"went"},
    "reading team": {"moved"},
    "expert team": {"stays", "went", "closed"},
    "new expert team": {"moved"},
    "supraregion": {"moved"},
}
"""Whose children each party comes by, in whatever way; all others come by none. What the sender handed over, and what
the receiver declined, they may account for."""
KEEPS: Final = {"gi": {"stays", "went", "moved", "closed"}, "receiver": {"went"}}
"""Who may read what an institution calls a child."""


@pytest.fixture
async def family(world: World) -> Family:
    return await torn_family(world)


def _filled(template: str, ids: dict[str, list[str]]) -> Iterator[str]:
    """The template with every row in the place of each name; nothing where it names what the family has not."""
    names = re.findall(r"\{(\w+)\}", template)
    for values in itertools.product(*(ids.get(name, []) for name in names)):
        yield template.format(**dict(zip(names, values, strict=True)))


def _wrong(family: Family, name: str, path: str, answer: httpx.Response) -> Iterator[str]:
    """What is wrong with an answer to this party."""
    if answer.status_code >= 500:
        yield f"{name}: {path}: {answer.status_code} {answer.text[:300]}"
    if not answer.is_success:
        return
    for child in ("stays", "went", "moved", "closed", "erased"):
        made = getattr(family, child)
        is_log = child == "erased" and path.endswith("/audit-entries") and name == "gi"  # which stays
        if made["id"] in path + answer.text and child not in SEES.get(name, ()) and not is_log:
            yield f"{name}: {path}: shows the child that {child}"
        if made["childReference"] in answer.text and child not in KEEPS.get(name, ()):
            yield f"{name}: {path}: says what the child that {child} is called"


async def test_every_read_answers_every_party(world: World, family: Family) -> None:
    operations = [
        path
        for path, methods in world.app.openapi()["paths"].items()
        if "get" in methods and path not in STREAMS and not NOT_OF_A_CHILD & set(methods["get"]["tags"])
    ]
    assert len(operations) > 30
    wrong = list[str]()
    for name in family.callers:
        headers = family.headers(name)
        for template in operations:
            for path in _filled(template, family.ids):
                answer = await world.http.get(path, headers=headers)
                wrong += _wrong(family, name, path, answer)
                if answer.status_code == 403:
                    break  # of another role, whichever row
    assert not wrong, "\n".join(wrong)


async def test_every_page_answers_every_party(world: World, family: Family) -> None:
    ids = {re.sub(r"Id$", "_id", name): found for name, found in family.ids.items()} | FORMS
    wrong, opened = list[str](), set[str]()
    for name, (role, owns) in family.callers.items():
        browser = await browser_of(world, role, **owns)
        for template in paths("GET"):
            if STREAM.search(template) or "cijfers" in template:
                continue
            for path in _filled(template, ids):
                answer = await browser.get(path)
                wrong += _wrong(family, name, path, answer)
                if answer.is_success:
                    opened.add(template)
                if answer.status_code == 403:
                    break  # of another role, whichever row
    assert {"/jeugdigen/{request_id}", "/aanmeldingen/{referral_id}", "/overdrachten/{transfer_id}"} <= opened
    assert not wrong, "\n".join(wrong)
