"""What every answer of the web app has, and what comes when something goes wrong."""

import gzip
import re
from uuid import uuid4

import pytest

from app.kit.security.callers import Role
from app.web.shell.files import FILES, VERSION, address_of
from app.web.shell.navigation import items_for
from app.web.shell.routing import POLICY
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.web.routes import paths
from tests.world import World, problem


@pytest.mark.parametrize("path", ["/", "/aanmelden", "/vrije-plekken", "/sw.js", "/niets", "/static/x/niets.css"])
async def test_nothing_but_our_own_files_may_run(world: World, path: str) -> None:
    answer = await Browser(world).get(path)
    assert answer.headers.get_list("content-security-policy")[0] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_what_is_not_there_is_a_page_in_dutch_for_a_browser_alone(world: World) -> None:
    gone = await Browser(world).get("/niets")
    assert text_of(gone, "h1", 404) == "Niet gevonden"
    problem(await world.http.get("/niets"), 404, "not-found")
    problem(await Browser(world).get("/v1/niets"), 404, "not-found")


async def test_another_method_is_a_page_too(world: World) -> None:
    answer = await Browser(world).post("/vrije-plekken")
    assert text_of(answer, "h1", 405) == "Dit kan hier niet"


async def test_the_address_of_a_form_leads_to_its_page(world: World) -> None:
    pages = [re.sub(r"{[^}]+}", "[^/]+", each) for each in paths("GET")]
    forms = [re.sub(r"{[^}]+}", str(uuid4()), each) for each in paths("POST")]
    alone = [each for each in forms if not any(re.fullmatch(page, each) for page in pages)]
    assert len(alone) > 10
    for path in alone:
        answer = await Browser(world).get(path)
        above = answer.headers["location"]
        assert answer.status_code == 303
        assert path.startswith(above)
        assert above == "/" or any(re.fullmatch(page, above) for page in pages)
    request = uuid4()
    answer = await Browser(world).get(f"/aanmeldingen/{request}/besluit")
    assert answer.headers["location"] == f"/aanmeldingen/{request}"


async def test_a_page_is_packed_for_whoever_takes_that(world: World) -> None:
    plain = await Browser(world).get("/aanmelden", Accept_Encoding="identity")
    packed = await Browser(world).get("/aanmelden", Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert packed.text == plain.text


async def test_files_are_kept_for_ever_under_the_version_that_they_have(world: World) -> None:
    for name, file in FILES.items():
        answer = await world.http.get(address_of(name), headers={"Accept-Encoding": "gzip"})
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.content == file.content
        assert file.packed is None or gzip.decompress(file.packed) == file.content
    other = await world.http.get(f"/static/{VERSION}x/own.css")
    assert (other.status_code, other.headers["cache-control"]) == (200, "no-cache")


async def test_a_file_outside_the_folder_is_none(world: World) -> None:
    for name in ("../shell/base.html", "%2e%2e/__init__.py", "/etc/passwd"):
        assert (await Browser(world).get(f"/static/{VERSION}/{name}")).status_code == 404


async def test_navigation_by_role(world: World) -> None:
    nobody = page_of(await Browser(world).get("/aanmelden"))
    assert [each.attributes["href"] for each in nobody.css("nav a")] == ["/", "/vrije-plekken"]
    for role in Role:
        somebody = await browser_of(world, role)
        paths = [each.attributes["href"] or "" for each in page_of(await somebody.get("/aanmelden")).css("nav a")]
        assert paths == [each.path for each in items_for(role)]
        assert 1 <= len(paths) <= 4


async def test_a_form_without_fetch_metadata_goes_by_its_origin(world: World) -> None:
    for origin, status in (("http://test", 303), ("http://elsewhere", 403), ("null", 403)):
        answer = await world.http.post("/afmelden", headers={"Accept": "text/html", "Origin": origin})
        assert answer.status_code == status
    assert (await world.http.post("/afmelden", headers={"Accept": "text/html"})).status_code == 403
