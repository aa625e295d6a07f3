"""The errors of the token endpoint as OAuth 2.0 clients read them (RFC 6749, section 5.2): `application/json`."""

import unicodedata
from typing import Any, Final

from app.domain.language import Language

PATH: Final = "/v1/oauth/token"
_BY_STATUS: Final = {401: "invalid_client", 429: "temporarily_unavailable", 503: "temporarily_unavailable"}


def token_error_of(problem: dict[str, Any], _: Language) -> tuple[dict[str, Any], str]:
    """A problem with `error` and `error_description` beside its own members, and its media type.

    `error` is one of section 5.2, or one that section 4.1.2.1 has for what is not the client's fault.
    """
    status: int = problem["status"]
    error = "server_error" if status == 500 else _BY_STATUS.get(status, "invalid_request")
    return {"error": error, **problem, "error_description": _plain(problem["detail"])}, "application/json"


def _plain(text: str) -> str:
    """The text in the characters that a description may have: ASCII without quotes and backslashes."""
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return ascii_.replace('"', "'").replace("\\", "/")
