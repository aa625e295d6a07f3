"""The cookies of a session, and of an attempt at one: out of reach of scripts and of other sites' forms, and outside
demo mode over TLS only."""

from typing import Final

from fastapi import Request, Response

from app.settings import Settings

SESSION: Final = "wijzer-sessie"
ATTEMPT: Final = "wijzer-poging"


def _name(cookie: str, settings: Settings) -> str:
    return cookie if settings.demo else f"__Host-{cookie}"


def read(request: Request, settings: Settings, cookie: str) -> str | None:
    """What the browser sends in this cookie."""
    return request.cookies.get(_name(cookie, settings))


def token_of(request: Request, settings: Settings) -> str | None:
    """The token of the session."""
    return read(request, settings, SESSION)


def hand_out(
    answer: Response, settings: Settings, value: str, cookie: str = SESSION, seconds: int | None = None
) -> None:
    """Has the browser send this from now on: for so long, or until it is closed."""
    name = _name(cookie, settings)
    answer.set_cookie(name, value, seconds, path="/", httponly=True, samesite="lax", secure=not settings.demo)


def take_back(answer: Response, settings: Settings, cookie: str = SESSION) -> None:
    """Has the browser forget it; with the session, what it kept of pages too."""
    name = _name(cookie, settings)
    answer.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=not settings.demo)
    if cookie == SESSION:
        answer.headers["Clear-Site-Data"] = '"storage"'
