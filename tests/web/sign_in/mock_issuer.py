"""An OpenID Connect issuer on this machine that answers as a test has it: `oidc-provider-mock`, and what is changed."""

import threading
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask
import httpx
import jwt
from werkzeug.serving import make_server

from tests.access.keys import Key, jwk, rsa_key
from tests.web.pages import Browser

with warnings.catch_warnings():  # of the mock, about a module of Authlib that it uses
    warnings.simplefilter("ignore")
    import oidc_provider_mock

CLIENT = "wijzer"
PERSON = "a.devries"


@dataclass
class MockIssuer:
    """What it says, and what it was asked; a change of None takes away what is there."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    """Claims of whoever signs in."""
    id_token: dict[str, Any] = field(default_factory=dict)
    """Changes of the claims of ID tokens."""
    userinfo: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=lambda: {"first": rsa_key()})
    signing: dict[str, Any] = field(default_factory=dict)
    """How ID tokens are signed instead: arguments of `jwt.encode`."""
    broken: dict[str, int] = field(default_factory=dict)
    """Statuses of paths that do not work."""
    asked: Counter[str] = field(default_factory=Counter)
    token_requests: list[tuple[str | None, dict[str, str]]] = field(default_factory=list)
    """Of each its Authorization and its form."""

    def note(self) -> flask.Response | None:
        """Before a request: counts it, and answers it where that is broken."""
        path = flask.request.path
        self.asked[path] += 1
        if path == "/oauth2/token":
            self.token_requests.append((flask.request.headers.get("authorization"), flask.request.form.to_dict()))
        return flask.Response(status=self.broken[path]) if path in self.broken else None

    def change(self, response: flask.Response) -> flask.Response:
        """After a request: what is said instead."""
        if response.status_code != 200 or response.json is None:
            return response
        said = dict(response.json)
        match flask.request.path:
            case "/.well-known/openid-configuration":
                said = _changed(said, self.metadata)
            case "/jwks":
                said = {"keys": [jwk(kid, key) for kid, key in self.keys.items()]}
            case "/oauth2/token":
                said["id_token"] = self._signed(said["id_token"])
            case "/userinfo":
                said = _changed(said, self.userinfo)
        response.set_data(flask.json.dumps(said))
        return response

    def _signed(self, token: str) -> str:
        claims = jwt.decode(token, options={"verify_signature": False})
        kid, key = list(self.keys.items())[-1]
        how = {"key": key, "algorithm": "RS256", "headers": {"kid": kid}, **self.signing}
        return jwt.encode(_changed({**claims, **self.person}, self.id_token), **how)

    async def sign_in(self, address: str) -> str:
        """Somebody signs in on its page; where that leads to."""
        async with httpx.AsyncClient() as http:
            answer = await http.post(address, data={"sub": PERSON})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    async def lead(self, somebody: Browser, naar: str = "/") -> str:
        """Somebody begins here and signs in there; the path that leads them back here."""
        answer = await somebody.get(f"/aanmelden/organisatie?naar={naar}")
        assert answer.status_code == 303, answer.text
        return (await self.sign_in(answer.headers["location"])).removeprefix("http://test")


def _changed(content: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**content, **changes}.items() if value is not None}


@contextmanager
def issuing() -> Iterator[MockIssuer]:
    """The issuer, until the block is left."""
    made = MockIssuer()
    app = oidc_provider_mock.app()
    app.before_request(made.note)
    app.after_request(made.change)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
