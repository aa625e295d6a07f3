"""The page of the API: what a browser is given over HTTP, and that it asks nothing of anybody else."""

import hashlib
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

import app.api_docs
from app.demo.clients import SECRET, clients
from app.main import create_app
from app.settings import Settings
from tests.access.keys import pem, private_key
from tests.conftest import SavepointDatabase
from tests.http import serving_http
from tests.world import World, problem

FILES = Path(app.api_docs.__file__).parent / "files"
VENDORED = FILES / "swagger-ui"
OURS = [FILES / "start.js", FILES / "page.css"]


class Page(HTMLParser):
    """What a page loads and what it holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.options: list[str] = []
        self.inline: list[str] = []
        self.attributes: set[str] = set()
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        given = dict(attrs)
        self.attributes |= given.keys()
        if tag in {"script", "link", "img"}:
            self.loaded.append(given.get("src") or given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - as the base has it
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "option":
            self.options.append(data.strip())
        if self._inside in {"script", "style"}:
            self.inline.append(data.strip())


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service in demo mode, over a socket."""
    async with serving_http(world.app, lifespan="off") as served:
        yield served.http


def policy(answer: httpx.Response) -> dict[str, list[str]]:
    """The Content-Security-Policy of an answer: what each directive allows."""
    parts = [each.split() for each in answer.headers.get_list("content-security-policy")[0].split(";")]
    return {name: sources for name, *sources in parts}


async def test_the_page(http: httpx.AsyncClient) -> None:
    page = await http.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Beschikbaarheidswijzer" in page.text


async def test_all_that_the_page_loads_is_ours_and_there(http: httpx.AsyncClient) -> None:
    page = Page((await http.get("/docs")).text)
    loaded = [each for each in page.loaded if each != "data:,"]
    assert len(loaded) == 4
    for path in loaded:
        assert path.startswith("/docs/")
        answer = await http.get(path)
        assert answer.status_code == 200
        kind = "css" if path.endswith("css") else "javascript"
        assert kind in answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        again = await http.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    description = re.search(r'url: "([^"]+)"', (await http.get("/docs/start.js")).text)
    assert description is not None
    assert (await http.get(description[1])).json()["openapi"].startswith("3.1")


@pytest.mark.parametrize("path", ["/docs", "/docs/start.js", "/docs/swagger-ui/swagger-ui.css"])
async def test_nothing_but_our_own_files_may_run(http: httpx.AsyncClient, path: str) -> None:
    allowed = policy(await http.get(path))
    assert allowed["default-src"] == ["'none'"]
    assert allowed["script-src"] == allowed["style-src"] == allowed["connect-src"] == ["'self'"]
    assert {source for sources in allowed.values() for source in sources} == {"'none'", "'self'", "data:"}


async def test_nothing_is_inline_and_nothing_elsewhere(http: httpx.AsyncClient) -> None:
    text = (await http.get("/docs")).text
    page = Page(text)
    assert not any(page.inline)
    assert not any(name == "style" or name.startswith("on") for name in page.attributes)
    for written in [text, *(file.read_text(encoding="utf-8") for file in OURS)]:
        assert "//" not in re.sub(r"^\s*//.*$", "", written, flags=re.MULTILINE)


async def test_a_demo_token_is_one_click_away(http: httpx.AsyncClient) -> None:
    page = Page((await http.get("/docs")).text)
    assert sorted(page.options) == sorted(each.id for each in clients())
    script = (await http.get("/docs/start.js")).text
    assert f'client_secret: "{SECRET}"' in script
    assert "/v1/oauth/token" in script


async def test_outside_demo_mode_there_is_no_demo_token(settings: Settings, database: SavepointDatabase) -> None:
    own = settings.model_copy(update={"demo": False, "signing_key": SecretStr(pem(private_key()))})
    async with serving_http(create_app(own, database=database), lifespan="off") as served:
        page = await served.http.get("/docs")
    assert page.status_code == 200
    assert "demo" not in page.text
    assert 'id="viewer"' in page.text


@pytest.mark.parametrize("path", ["/docs/", "/docs/nothing.js", "/docs/../endpoints.py", "/docs/%2e%2e/endpoints.py"])
async def test_only_what_belongs_to_the_page_is_served(world: World, path: str) -> None:
    problem(await world.http.get(path), 404, "not-found")


def test_what_is_vendored_is_as_it_came_with_its_licence() -> None:
    lines = (VENDORED / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in VENDORED.iterdir()}
    found.pop("SHA256SUMS")
    assert found == sums
    assert "Apache License" in (VENDORED / "LICENSE").read_text()
