"""Asking for pages as a browser does, and reading what they hold."""

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import httpx
from selectolax.lexbor import LexborHTMLParser

from app.kit.security.callers import Caller, Role
from app.web.sign_in import service
from tests.world import World

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}
"""What a browser sends with a form of our own."""

_OWNED: dict[Role, dict[str, Any]] = {
    Role.PROVIDER: {"provider_id": UUID(int=1)},
    Role.REGION: {"region": "JZ03"},
    Role.SUPRAREGION: {"supraregion": "noord-holland"},
}


@dataclass
class Browser:
    """Somebody at a browser, who keeps its cookies."""

    world: World
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """A page; with the header HX_Request (`HX-Request`) what htmx gets."""
        return await self._send("GET", path, headers)

    async def post(
        self, path: str, data: dict[str, Any] | None = None, files: dict[str, Any] | None = None, **headers: str
    ) -> httpx.Response:
        """A form of our own, with `files` as httpx has them; another site's with Sec_Fetch_Site."""
        return await self._send("POST", path, {**FROM_HERE, **_named(headers)}, data=data, files=files)

    async def _send(self, method: str, path: str, headers: dict[str, str], **options: Any) -> httpx.Response:
        sent = {"Accept": "text/html", "Accept-Language": "en", **_named(headers)}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await self.world.http.request(method, path, headers=sent, **options)
        for header in answer.headers.get_list("set-cookie"):
            for name, cookie in SimpleCookie(header).items():
                self.cookies[name] = cookie.value
                if cookie["max-age"] == "0":
                    del self.cookies[name]
        self.world.http.cookies.clear()
        return answer


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


async def browser_of(world: World, role: Role, **owns: Any) -> Browser:
    """Somebody who has signed in with this role; `owns` are fields of `Caller`, as of `World.token`."""
    given = {"client_id": f"test-{role.value}", "organisation_id": UUID(int=len(role.value)), **_OWNED.get(role, {})}
    caller = Caller(role=role, **(given | owns))
    settings, now = world.parts.settings, world.parts.clock()
    async with world.parts.database.write() as session:
        token = await service.start_session(session, settings, caller, f"Test {role}", now, instead_of=None)
    return Browser(world, {"wijzer-sessie": token})


def page_of(answer: httpx.Response, status: int = 200) -> LexborHTMLParser:
    """The page in an answer that must be one, with this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return LexborHTMLParser(answer.text)


def text_of(answer: httpx.Response, selector: str = "main", status: int = 200) -> str:
    """The text of what a selector finds, with single spaces."""
    found = page_of(answer, status).css_first(selector)
    assert found is not None, f"no {selector} in {answer.text}"
    return " ".join(found.text().split())
