"""The service at the other end: a token that is renewed in time, and requests that are tried again while it is away."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from app.client.push.errors import CredentialsError, RefusedError, UnavailableError
from app.client.push.file_errors import faults_of
from app.domain.language import Language, Text

TRIES: Final = 8
"""With the waits between them some two minutes."""
_LONGEST_WAIT: Final = 60.0
_PATIENCE: Final = 600.0
"""Seconds that the service may ask us to wait."""
_EARLY: Final = 30.0
"""Seconds before its end that a token is renewed."""
_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
TIMEOUT: Final = httpx.Timeout(10, read=120, write=120)


@dataclass(slots=True)
class Service:
    """`http` has the base URL. `tell` hears why something has to wait; `wait`, `chance` and `clock` are for tests."""

    http: httpx.Client
    client: str
    secret: str = field(repr=False)
    language: Language
    tell: Callable[[Text], None]
    wait: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic
    _token: str | None = field(default=None, repr=False)
    _until: float = 0.0

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The content of the answer; `RefusedError` where it is no success."""
        answer = self._ask(method, path, body, headers or {})
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._token = None  # it was revoked, or a clock is wrong
            answer = self._ask(method, path, body, headers or {})
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise _unknown(self.client)
        content = _content(answer)
        if not answer.is_success:
            faults = faults_of(content, 0) if content.get("errors") else ()
            raise RefusedError(_refusal(answer, content), faults)
        return content

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> httpx.Response:
        def send() -> httpx.Response:
            own = {"Authorization": f"Bearer {self._get_token()}", "Accept-Language": self.language}
            return self.http.request(method, path, content=body, headers={**headers, **own})

        return self._try(send)

    def _get_token(self) -> str:
        if self._token is None or self.clock() >= self._until - _EARLY:
            form = {"grant_type": "client_credentials", "client_id": self.client, "client_secret": self.secret}
            answer = self._try(lambda: self.http.post("oauth/token", data=form))
            if answer.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED}:
                raise _unknown(self.client)
            content = _content(answer)
            if "access_token" not in content:
                raise RefusedError(_refusal(answer, content))
            self._token = str(content["access_token"])
            self._until = self.clock() + float(content.get("expires_in", 60))
        return self._token

    def _try(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """The answer, once there is one that is not "later"."""
        for number in range(TRIES):
            try:
                answer = send()
            except httpx.TransportError as error:
                why, retry_after = type(error).__name__, 0.0
            else:
                if answer.status_code not in _AGAIN:
                    return answer
                why, retry_after = str(answer.status_code), _retry_after(answer)
            if retry_after > _PATIENCE or number == TRIES - 1:
                break
            self._pause(number, why, retry_after)
        raise UnavailableError(
            Text(
                nl=f"De dienst is nu niet bereikbaar ({why}). Dezelfde opdracht gaat later verder waar deze ophield.",
                en=f"The service cannot be reached now ({why}). The same command goes on later where this one stopped.",
            )
        )

    def _pause(self, number: int, why: str, retry_after: float) -> None:
        """Longer each time, and not as long as others that wait; never shorter than the service asks."""
        own = min(_LONGEST_WAIT, 2.0**number) * (0.5 + self.chance() / 2)
        seconds = retry_after + own if retry_after else own
        self.tell(
            Text(
                nl=f"De dienst antwoordt nu niet ({why}); over {seconds:.0f} s opnieuw.",
                en=f"The service does not answer now ({why}); again in {seconds:.0f} s.",
            )
        )
        self.wait(seconds)


def _retry_after(answer: httpx.Response) -> float:
    """Seconds that the answer asks to wait (RFC 9110 section 10.2.3): a number of them, or a date.

    A date is held against the `Date` of the answer, so that a clock that is wrong here makes no wait longer; where the
    answer has none, nothing is asked.
    """
    given = answer.headers.get("retry-after", "")
    if given.isascii() and given.isdigit():
        return float(given)
    try:
        until, sent = _moment(given), _moment(answer.headers.get("date", ""))
    except ValueError:
        return 0.0
    return max(0.0, (until - sent).total_seconds())


def _moment(header: str) -> datetime:
    """The moment of an HTTP date; `ValueError` where it is none."""
    moment = parsedate_to_datetime(header)
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def _content(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; nothing where it has none, as of a proxy that answers itself."""
    try:
        content = answer.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _unknown(client: str) -> CredentialsError:
    return CredentialsError(
        Text(
            nl=f"De dienst kent client {client} niet met dit geheim; kijk --client en WIJZER_CLIENT_SECRET na.",
            en=f"The service does not know client {client} by this secret; check --client and WIJZER_CLIENT_SECRET.",
        )
    )


def _refusal(answer: httpx.Response, content: Mapping[str, Any]) -> Text:
    detail = content.get("detail") or answer.reason_phrase
    return Text(
        nl=f"De dienst weigert dit ({answer.status_code}): {detail}",
        en=f"The service refuses this ({answer.status_code}): {detail}",
    )
