"""The cookie of a session: out of reach of scripts and of other sites' forms, and outside demo mode over TLS only."""

from typing import Final

from fastapi import Request, Response

from app.settings import Settings

_DEMO: Final = "wijzer-sessie"
_NAME: Final = f"__Host-{_DEMO}"


def _name(settings: Settings) -> str:
    return _DEMO if settings.demo else _NAME


def token_of(request: Request, settings: Settings) -> str | None:
    """The token that the browser sends."""
    return request.cookies.get(_name(settings))


def hand_out(answer: Response, settings: Settings, token: str) -> None:
    """Has the browser send this token from now on, until it is closed."""
    answer.set_cookie(_name(settings), token, path="/", httponly=True, samesite="lax", secure=not settings.demo)


def take_back(answer: Response, settings: Settings) -> None:
    """Has the browser forget the token, and what it kept of pages."""
    answer.delete_cookie(_name(settings), path="/", httponly=True, samesite="lax", secure=not settings.demo)
    answer.headers["Clear-Site-Data"] = '"storage"'
