"""Signing in with the account of one's organisation, at an issuer that does what it should, and at others."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.kit.http.parts import compose_with
from app.kit.security.callers import Role
from app.parts import compose
from app.settings import Settings
from app.web.sign_in.cookies import ATTEMPT, SESSION
from tests.access.keys import pem, private_key
from tests.conftest import SavepointDatabase, SettableClock, asking
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.web.sign_in.mock_issuer import CLIENT, PERSON, MockIssuer, issuing
from tests.world import World

pytestmark = [
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),  # the mock's, for which Authlib moved on
]

REGION = {"role": "region", "organisation": str(UUID(int=7)), "region": "JZ03", "name": "Anna de Vries"}
SPEAKS_FOR = [{"organisation": REGION["organisation"], "role": "region", "region": "JZ03"}]
"""Whom the issuer may speak for."""


@pytest.fixture(scope="module")
def issuer_running() -> Iterator[MockIssuer]:
    with issuing() as made:
        yield made


@pytest.fixture
def issuer(issuer_running: MockIssuer, monkeypatch: pytest.MonkeyPatch) -> MockIssuer:
    """As it starts, with somebody of a region as whoever signs in."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    issuer_running.__dict__ |= MockIssuer(url=issuer_running.url, person=dict(REGION)).__dict__
    return issuer_running


Serve = Callable[..., AbstractAsyncContextManager[World]]
"""The service, where people sign in with the issuer; with other settings where a test says so."""


@pytest.fixture
def serve(
    app: FastAPI, settings: Settings, database: SavepointDatabase, clock: SettableClock, issuer: MockIssuer
) -> Serve:
    """With a secret, which the mock wants."""
    given = {
        "sign_in_issuer": issuer.url,
        "sign_in_client_id": CLIENT,
        "sign_in_client_secret": SecretStr("geheim"),
        "sign_in_name": "Jeugd Noord",
    }

    def make(**changes: Any) -> AbstractAsyncContextManager[World]:
        given["trusted_issuers"] = json.dumps({(given | changes)["sign_in_issuer"]: {"speaksFor": SPEAKS_FOR}})
        compose_with(app, compose(settings.model_copy(update=given | changes), database, clock))
        return asking(app)

    return make


@pytest.fixture
async def here(serve: Serve) -> AsyncIterator[World]:
    """The service with these settings."""
    async with serve() as made:
        yield made


async def refused(somebody: Browser, path: str, status: int, words: str) -> None:
    """The page says what is wrong, has one way to go on, and nobody is signed in."""
    answer = await somebody.get(path)
    assert words in text_of(answer, status=status)
    link = page_of(answer, status).css_first("main a.utrecht-button--primary-action")
    assert link is not None
    assert str(link.attributes["href"]).startswith("/aanmelden/organisatie?naar=")
    assert SESSION not in somebody.cookies
    assert ATTEMPT not in somebody.cookies


EXPIRED = (400, "niet meer geldig")
UNTRUSTED = (502, "klopt niet")
AWAY = (503, "geen antwoord")


async def test_the_sign_in_page_has_the_button(here: World) -> None:
    page = page_of(await Browser(here).get("/aanmelden?naar=/vrije-plekken?waar=Texel"))
    link = page.css_first("main a.utrecht-button--primary-action")
    assert link is not None
    assert link.text() == "Aanmelden bij Jeugd Noord"
    assert link.attributes["href"] == "/aanmelden/organisatie?naar=/vrije-plekken%3Fwaar%3DTexel"


async def test_without_the_setting_there_is_none(world: World) -> None:
    assert "/aanmelden/organisatie" not in (await Browser(world).get("/aanmelden")).text
    for path in ("organisatie", "terug"):
        assert (await Browser(world).get(f"/aanmelden/{path}")).status_code == 404


async def test_somebody_signs_in(here: World, issuer: MockIssuer) -> None:
    somebody = Browser(here)
    back = await issuer.lead(somebody, "/vrije-plekken%3Fwaar%3DTexel")
    answer = await somebody.get(back, Sec_Fetch_Site="cross-site")
    assert (answer.status_code, answer.headers["location"]) == (303, "/vrije-plekken?waar=Texel")
    assert somebody.cookies.keys() == {SESSION}
    assert "Anna de Vries" in text_of(await somebody.get("/vrije-plekken"), "header")


async def test_what_the_issuer_is_asked(here: World, issuer: MockIssuer) -> None:
    somebody = Browser(here)
    answer = await somebody.get("/aanmelden/organisatie")
    address = urlsplit(answer.headers["location"])
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}" == issuer.url
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert (asked["client_id"], asked["scope"]) == (CLIENT, "openid profile")
    assert asked["redirect_uri"] == "http://test/aanmelden/terug"
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20
    assert len(asked["code_challenge"]) == 43
    assert "prompt" not in asked
    cookie = answer.headers["set-cookie"].lower()
    for part in ("httponly", "samesite=lax", "path=/", "max-age=600"):
        assert part in cookie
    assert "prompt=login" in (await somebody.get("/aanmelden/organisatie?ander=ja")).headers["location"]


@pytest.mark.parametrize(
    ("secret", "methods", "header", "form"),
    [
        ("geheim", None, "Basic d2lqemVyOmdlaGVpbQ==", None),
        ("geheim", ["client_secret_post", "client_secret_basic"], "Basic d2lqemVyOmdlaGVpbQ==", None),
        ("geheim", ["client_secret_post"], None, "geheim"),
        ("", ["client_secret_post"], None, None),
        (None, None, None, None),
    ],
)
async def test_the_code_goes_with_its_verifier_and_the_secret_that_there_is(
    serve: Serve,
    issuer: MockIssuer,
    secret: Any,
    methods: Any,
    header: Any,
    form: Any,
) -> None:
    issuer.metadata["token_endpoint_auth_methods_supported"] = methods
    async with serve(sign_in_client_secret=secret if secret is None else SecretStr(secret)) as made:
        somebody = Browser(made)
        await somebody.get(await issuer.lead(somebody))
    [(authorization, sent)] = issuer.token_requests
    assert authorization == header
    assert sent.get("client_secret") == form
    assert len(sent["code_verifier"]) >= 43


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": None, "nonce_supported": False},
        {"aud": "another-client"},
        {"aud": "another-client", "azp": CLIENT},
        {"aud": [CLIENT, "another-client"]},  # without azp
        {"aud": None},
        {"iss": "https://login.example.org"},
        {"iss": None},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"sub": None},
    ],
)
async def test_an_id_token_of_another_sign_in_is_refused(
    here: World, issuer: MockIssuer, changes: dict[str, Any]
) -> None:
    issuer.id_token = changes
    somebody = Browser(here)
    await refused(somebody, await issuer.lead(somebody), *UNTRUSTED)


@pytest.mark.parametrize(
    "signing",
    [
        {"key": private_key(), "algorithm": "ES256"},
        {"key": None, "algorithm": "none"},
        {"key": b"geheim" * 8, "algorithm": "HS256"},
    ],
    ids=["another key", "none", "shared secret"],
)
async def test_an_id_token_that_the_issuer_did_not_sign_is_refused(
    here: World, issuer: MockIssuer, signing: dict[str, Any]
) -> None:
    issuer.metadata["id_token_signing_alg_values_supported"] = ["RS256", "ES256", "HS256", "none"]
    issuer.signing = signing
    somebody = Browser(here)
    await refused(somebody, await issuer.lead(somebody), *UNTRUSTED)


async def test_a_code_is_good_for_once(here: World, issuer: MockIssuer) -> None:
    somebody = Browser(here)
    back = await issuer.lead(somebody)
    copied = Browser(here, dict(somebody.cookies))
    assert (await somebody.get(back)).status_code == 303
    await refused(copied, back, *EXPIRED)


async def test_who_did_not_begin_here_does_not_come_in(here: World, issuer: MockIssuer) -> None:
    """Login CSRF: the callback of one person, opened in the browser of another."""
    back = await issuer.lead(Browser(here))
    await refused(Browser(here), back, *EXPIRED)
    began = Browser(here)
    await issuer.lead(began)
    await refused(began, back, *EXPIRED)
    assert issuer.token_requests == []


@pytest.mark.parametrize("state", ["", "&state=", "&state=another", "&state=%C3%A9"])
async def test_the_state_is_that_of_the_attempt(here: World, issuer: MockIssuer, state: str) -> None:
    somebody = Browser(here)
    code = parse_qs(urlsplit(await issuer.lead(somebody)).query)["code"][0]
    await refused(somebody, f"/aanmelden/terug?code={code}{state}", *EXPIRED)


async def test_an_attempt_is_good_for_ten_minutes(here: World, issuer: MockIssuer, clock: SettableClock) -> None:
    early, late = Browser(here), Browser(here)
    paths = [await issuer.lead(each) for each in (early, late)]
    clock.now += timedelta(minutes=9, seconds=59)
    assert (await early.get(paths[0])).status_code == 303
    clock.now += timedelta(seconds=1)
    await refused(late, paths[1], *EXPIRED)


async def test_an_attempt_that_was_touched_is_none(here: World, issuer: MockIssuer) -> None:
    somebody = Browser(here)
    back = await issuer.lead(somebody)
    head, body, signature = somebody.cookies[ATTEMPT].split(".")
    somebody.cookies[ATTEMPT] = f"{head}.{body}.{signature[::-1]}"
    await refused(somebody, back, *EXPIRED)


async def test_an_attempt_is_no_token_and_a_token_no_attempt(here: World, issuer: MockIssuer) -> None:
    somebody = Browser(here)
    back = await issuer.lead(somebody)
    sealed = somebody.cookies[ATTEMPT]
    answer = await here.http.get("/v1/me", headers={"Authorization": f"Bearer {sealed}"})
    assert answer.status_code == 401
    somebody.cookies[ATTEMPT] = here.token(Role.GI)
    await refused(somebody, back, *EXPIRED)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("access_denied", (403, "afgebroken")),
        ("temporarily_unavailable", AWAY),
        ("invalid_scope", UNTRUSTED),
        ("%3Cb%3Eanything", UNTRUSTED),
    ],
)
async def test_what_the_issuer_reports(here: World, issuer: MockIssuer, error: str, expected: tuple[int, str]) -> None:
    somebody = Browser(here)
    state = parse_qs(urlsplit(await issuer.lead(somebody)).query)["state"][0]
    await refused(Browser(here), f"/aanmelden/terug?error={error}&state={state}", *EXPIRED)
    await refused(somebody, f"/aanmelden/terug?error={error}&error_description=x&state={state}", *expected)


async def test_another_issuer_does_not_answer_for_this_one(here: World, issuer: MockIssuer) -> None:
    somebody = Browser(here)
    await refused(somebody, f"{await issuer.lead(somebody)}&iss=https://login.example.org", *UNTRUSTED)
    assert (await somebody.get(f"{await issuer.lead(somebody)}&iss={issuer.url}")).status_code == 303


@pytest.mark.parametrize(
    "lacks",
    [{"role": None}, {"role": "user"}, {"organisation": None}, {"organisation": "x"}, {"role": "provider"}],
)
async def test_who_has_no_role_here_is_told_so(here: World, issuer: MockIssuer, lacks: dict[str, Any]) -> None:
    issuer.id_token = lacks
    somebody = Browser(here)
    back = await issuer.lead(somebody, "/vrije-plekken")
    await refused(somebody, back, 403, "welke rol")


async def test_another_account_is_asked_for_where_this_one_has_no_role(here: World, issuer: MockIssuer) -> None:
    issuer.id_token = {"role": None}
    somebody = Browser(here)
    answer = await somebody.get(await issuer.lead(somebody, "/vrije-plekken"))
    link = page_of(answer, 403).css_first("main a.utrecht-button--primary-action")
    assert link is not None
    address = str(link.attributes["href"])
    assert address == "/aanmelden/organisatie?naar=%2Fvrije-plekken&ander=ja"
    assert "prompt=login" in (await somebody.get(address)).headers["location"]


@pytest.mark.parametrize(
    "said",
    [{"role": "admin"}, {"organisation": str(UUID(int=8))}, {"region": "JZ06"}, {"rights": "expert-team"}],
    ids=str,
)
async def test_the_issuer_speaks_for_nobody_else(here: World, issuer: MockIssuer, said: dict[str, Any]) -> None:
    issuer.id_token = said
    somebody = Browser(here)
    await refused(somebody, await issuer.lead(somebody), 403, "rol")


async def test_answers_without_end_are_not_taken_in(serve: Serve, issuer: MockIssuer) -> None:
    issuer.metadata["more"] = "x" * 300_000
    async with serve() as made:
        await refused(Browser(made), "/aanmelden/organisatie?naar=/", *UNTRUSTED)


async def test_claims_may_be_told_by_userinfo(here: World, issuer: MockIssuer) -> None:
    issuer.person, issuer.userinfo = {}, dict(REGION)
    somebody = Browser(here)
    assert (await somebody.get(await issuer.lead(somebody))).status_code == 303
    assert "Anna de Vries" in text_of(await somebody.get("/vrije-plekken"), "header")
    issuer.userinfo["sub"] = "somebody-else"
    another = Browser(here)
    await refused(another, await issuer.lead(another), *UNTRUSTED)


@pytest.mark.parametrize("name", [None, "", 7, "<script>alert(1)</script>"])
async def test_a_name_is_only_shown(here: World, issuer: MockIssuer, name: Any) -> None:
    issuer.id_token = {"name": name}
    somebody = Browser(here)
    await somebody.get(await issuer.lead(somebody))
    shown = await somebody.get("/vrije-plekken")
    assert (name if isinstance(name, str) and name else "jeugdregio") in text_of(shown, "header")
    assert "<script>alert" not in shown.text


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("/.well-known/openid-configuration", 500, AWAY),
        ("/.well-known/openid-configuration", 404, UNTRUSTED),
        ("/.well-known/openid-configuration", 200, UNTRUSTED),  # nothing in it
    ],
)
async def test_an_issuer_without_metadata(
    here: World, issuer: MockIssuer, path: str, status: int, expected: tuple[int, str]
) -> None:
    issuer.broken = {path: status}
    await refused(Browser(here), "/aanmelden/organisatie?naar=/", *expected)
    issuer.broken = {}
    assert (await Browser(here).get("/aanmelden/organisatie")).status_code == 303


@pytest.mark.parametrize(
    "changes", [{"issuer": "https://login.example.org"}, {"issuer": None}, {"authorization_endpoint": None}]
)
async def test_metadata_that_is_not_of_the_issuer(here: World, issuer: MockIssuer, changes: dict[str, Any]) -> None:
    issuer.metadata = changes
    await refused(Browser(here), "/aanmelden/organisatie?naar=/", *UNTRUSTED)


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("/oauth2/token", 503, AWAY),
        ("/oauth2/token", 200, UNTRUSTED),
        ("/oauth2/token", 429, UNTRUSTED),
        ("/jwks", 500, AWAY),
    ],
)
async def test_an_issuer_that_breaks_down_on_the_way(
    here: World, issuer: MockIssuer, path: str, status: int, expected: tuple[int, str]
) -> None:
    somebody = Browser(here)
    back = await issuer.lead(somebody)
    issuer.broken = {path: status}
    await refused(somebody, back, *expected)


async def test_an_issuer_that_nobody_answers_for(serve: Serve) -> None:
    async with serve(sign_in_issuer="http://127.0.0.1:1") as made:
        await refused(Browser(made), "/aanmelden/organisatie?naar=/", *AWAY)


async def test_metadata_and_keys_are_kept(here: World, issuer: MockIssuer, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = SimpleNamespace(seconds=10_000.0)
    monkeypatch.setattr("app.web.sign_in.issuer.time", SimpleNamespace(monotonic=lambda: watch.seconds))

    async def sign_in() -> None:
        somebody = Browser(here)
        assert (await somebody.get(await issuer.lead(somebody))).status_code == 303

    for _ in range(2):
        await sign_in()
    assert (issuer.asked["/.well-known/openid-configuration"], issuer.asked["/jwks"]) == (1, 1)
    issuer.keys["second"] = issuer.keys["first"]
    await sign_in()
    assert issuer.asked["/jwks"] == 2
    watch.seconds += 3601
    await sign_in()
    assert issuer.asked["/.well-known/openid-configuration"] == 2
    watch.seconds += 3601
    issuer.broken = {"/.well-known/openid-configuration": 503}
    await sign_in()


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "%2F%5Cevil.example"])
async def test_the_way_on_stays_here(here: World, issuer: MockIssuer, elsewhere: str) -> None:
    somebody = Browser(here)
    answer = await somebody.get(await issuer.lead(somebody, elsewhere))
    assert answer.headers["location"] == "/"


async def test_signing_in_ends_the_session_that_was(here: World, issuer: MockIssuer) -> None:
    somebody = await browser_of(here, Role.GI)
    before = Browser(here, dict(somebody.cookies))
    await somebody.get(await issuer.lead(somebody))
    assert somebody.cookies != before.cookies
    assert (await before.get("/vrije-plekken")).status_code == 303
    assert (await somebody.get("/vrije-plekken")).status_code == 200


async def test_the_log_has_the_subject_and_no_name(
    here: World, issuer: MockIssuer, capsys: pytest.CaptureFixture[str]
) -> None:
    somebody = Browser(here)
    await somebody.get(await issuer.lead(somebody))
    await somebody.get("/vrije-plekken")
    written = "".join(capsys.readouterr())
    assert PERSON in written
    assert "Anna" not in written


async def test_signing_out_leads_to_the_issuer(here: World, issuer: MockIssuer) -> None:
    somebody = Browser(here)
    await somebody.get(await issuer.lead(somebody))
    kept = Browser(here, dict(somebody.cookies))
    answer = await somebody.post("/afmelden")
    link = page_of(answer).css_first("main a.utrecht-button--primary-action")
    refresh = page_of(answer).css_first("meta[http-equiv=refresh]")
    assert link is not None
    assert refresh is not None
    address = str(link.attributes["href"])
    assert refresh.attributes["content"] == f"0; url={address}"
    assert address.startswith(f"{issuer.url}/oauth2/end_session?")
    asked = parse_qs(urlsplit(address).query)
    assert (asked["client_id"], asked["post_logout_redirect_uri"]) == ([CLIENT], ["http://test/aanmelden"])
    assert somebody.cookies == {}
    assert (await kept.get("/vrije-plekken")).status_code == 303


async def test_signing_out_where_the_issuer_has_no_place_for_it(here: World, issuer: MockIssuer) -> None:
    issuer.metadata = {"end_session_endpoint": None}
    somebody = Browser(here)
    await somebody.get(await issuer.lead(somebody))
    answer = await somebody.post("/afmelden")
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden")


async def test_signing_out_while_the_issuer_is_away(here: World, issuer: MockIssuer, serve: Serve) -> None:
    somebody = Browser(here)
    await somebody.get(await issuer.lead(somebody))
    issuer.broken = {"/.well-known/openid-configuration": 503}
    kept = Browser(here, dict(somebody.cookies))
    async with serve():  # as after a restart: it has no metadata
        answer = await somebody.post("/afmelden")
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden")
    assert (await kept.get("/vrije-plekken")).status_code == 303


async def test_who_signed_in_otherwise_is_not_led_to_the_issuer(here: World, issuer: MockIssuer) -> None:
    answer = await (await browser_of(here, Role.GI)).post("/afmelden")
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden")
    assert issuer.asked["/.well-known/openid-configuration"] == 0


async def test_outside_demo_mode(serve: Serve, issuer: MockIssuer) -> None:
    key = SecretStr(pem(private_key()))
    async with serve(demo=False, signing_key=key, public_url="https://wijzer.example") as made:
        somebody = Browser(made)
        page = page_of(await somebody.get("/aanmelden"))
        assert page.css("button[name=client]") == []
        back = await issuer.lead(somebody)
        assert back.startswith("https://wijzer.example/aanmelden/terug?")
        answer = await somebody.get(back.removeprefix("https://wijzer.example"))
        assert answer.status_code == 303
        for cookie in answer.headers.get_list("set-cookie"):
            assert cookie.startswith("__Host-")
            assert "secure" in cookie.lower()


async def test_attempts_are_limited_by_address(serve: Serve) -> None:
    async with serve(token_rate_limit="2/minute") as made:
        statuses = [(await Browser(made).get("/aanmelden/terug")).status_code for _ in range(3)]
    assert statuses == [400, 400, 429]
