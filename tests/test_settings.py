"""The settings: from the environment, refused with words where they cannot be right, and all of them documented."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.settings import Settings

ROOT = Path(__file__).parent.parent
DSN = "postgresql+asyncpg://wijzer:geheim@database:5432/wijzer"
KEY = "-----BEGIN EC PRIVATE KEY-----"
GOOD = {"DATABASE_URL": DSN, "SIGNING_KEY": KEY}
SIGN_IN = {
    "SIGN_IN_ISSUER": "https://login.example.org",
    "SIGN_IN_CLIENT_ID": "wijzer",
    "SIGN_IN_CLIENT_SECRET": "geheim",
}
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "SERVICE_PASSWORD", "PORT"}
FORMS = {
    "DATABASE_URL",
    "DATABASE_REPLICA_URL",
    "SIGNING_KEY",
    "WEBHOOK_KEYS",
    "SMTP_URL",
    "MAIL_FROM",
    "OTLP_ENDPOINT",
    "RECORDS_FOLDER",
    "TRUSTED_ISSUERS",
    *SIGN_IN,
}
"""The lines of .env.example that show the form of the value, because there is no default."""


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings()


def refusal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, str]:
    """The message by variable; "" for what is wrong with several of them."""
    with pytest.raises(ValidationError) as raised:
        read(monkeypatch, **environment)
    assert "geheim" not in str(raised.value)
    return {"_".join(map(str, each["loc"])).upper(): each["msg"] for each in raised.value.errors()}


def test_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        **GOOD,
        DEMO="false",
        PUBLIC_ACCESS="true",
        CORS_ORIGINS='["https://app.example.org"]',
        RATE_LIMIT="",
        WORKERS="4",
        LOG_FORMAT="console",
    )
    assert settings.dsn == DSN
    assert settings.signing_key is not None
    assert settings.signing_key.get_secret_value() == KEY
    assert settings.public_access is True
    assert settings.cors_origins == ["https://app.example.org"]
    assert settings.rate_limit == ""
    assert (settings.workers, settings.log_format) == (4, "console")


def test_the_defaults_are_careful(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, **GOOD)
    assert settings.demo is False
    assert settings.public_access is False
    assert settings.cors_origins == []
    assert settings.rate_limit
    assert settings.token_rate_limit
    assert settings.trusted_issuers == ""


def test_demo_mode_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, DATABASE_URL=DSN, DEMO="true").signing_key is None


def test_other_variables_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    read(monkeypatch, **GOOD, PATH_TO_SOMETHING="x", DATABASE="y")


@pytest.mark.parametrize("environment", [{}, {"SIGNING_KEY": ""}, {"SIGNING_KEY": "", "DEMO": "false"}])
def test_a_key_has_to_be_there_outside_demo_mode(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    message = refusal(monkeypatch, DATABASE_URL=DSN, **environment)[""]
    assert "SIGNING_KEY is missing" in message
    assert "openssl ecparam" in message


def test_a_database_has_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(monkeypatch, SIGNING_KEY=KEY).keys() == {"DATABASE_URL"}


@pytest.mark.parametrize("dsn", ["", "postgresql://u:geheim@h/d", "sqlite+aiosqlite:///geheim.db", "h:5432/geheim"])
def test_the_database_is_postgresql(monkeypatch: pytest.MonkeyPatch, dsn: str) -> None:
    message = refusal(monkeypatch, DATABASE_URL=dsn, SIGNING_KEY=KEY)[""]
    assert "DATABASE_URL must start with postgresql+asyncpg://" in message


@pytest.mark.parametrize("dsn", ["postgresql://u:geheim@h/d", "h:5432/geheim"])
def test_the_replica_is_postgresql(monkeypatch: pytest.MonkeyPatch, dsn: str) -> None:
    message = refusal(monkeypatch, **GOOD, DATABASE_REPLICA_URL=dsn)[""]
    assert "DATABASE_REPLICA_URL must start with postgresql+asyncpg://" in message


def test_a_replica_that_is_empty_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, **GOOD, DATABASE_REPLICA_URL="").replica_dsn is None
    assert read(monkeypatch, **GOOD, DATABASE_REPLICA_URL=DSN).replica_dsn == DSN


def test_people_sign_in_with_an_issuer_that_knows_the_web_app(monkeypatch: pytest.MonkeyPatch) -> None:
    public = {"PUBLIC_URL": "https://wijzer.example.org"}
    assert not read(monkeypatch, **GOOD, **dict.fromkeys(SIGN_IN, "")).sign_in_issuer
    settings = read(monkeypatch, **GOOD, **SIGN_IN, **public)
    assert settings.sign_in_issuer == SIGN_IN["SIGN_IN_ISSUER"]
    assert "geheim" not in repr(settings)
    assert "needs PUBLIC_URL" in refusal(monkeypatch, **GOOD, **SIGN_IN, PUBLIC_URL="")[""]
    assert "go together" in refusal(monkeypatch, **GOOD, **SIGN_IN | {"SIGN_IN_CLIENT_ID": ""}, **public)[""]
    assert "go together" in refusal(monkeypatch, **GOOD, **SIGN_IN | {"SIGN_IN_ISSUER": ""}, **public)[""]
    clear = SIGN_IN | {"SIGN_IN_ISSUER": "http://login.example.org"}
    assert "must start with https://" in refusal(monkeypatch, **GOOD, **clear, **public)[""]
    assert read(monkeypatch, **GOOD, **clear, DEMO="true").sign_in_issuer == clear["SIGN_IN_ISSUER"]


@pytest.mark.parametrize("scope", ["", "profile", "openid  profile", "openid "])
def test_openid_is_always_asked(monkeypatch: pytest.MonkeyPatch, scope: str) -> None:
    assert "SIGN_IN_SCOPE" in refusal(monkeypatch, **GOOD, SIGN_IN_SCOPE=scope)
    assert read(monkeypatch, **GOOD, SIGN_IN_SCOPE="jeugd openid roles").sign_in_scope == "jeugd openid roles"


MAIL = {"SMTP_URL": "smtp+starttls://wijzer:geheim@mail.example.org:587", "MAIL_FROM": "Wijzer <w@example.org>"}


def test_without_a_mail_server_there_is_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, **GOOD, **dict.fromkeys(MAIL, "")).smtp_dsn is None
    settings = read(monkeypatch, **GOOD, **MAIL)
    assert settings.smtp_dsn == MAIL["SMTP_URL"]
    assert "geheim" not in repr(settings)


@pytest.mark.parametrize("left_out", MAIL)
@pytest.mark.parametrize("empty", [True, False])
def test_a_mail_server_goes_with_a_sender(monkeypatch: pytest.MonkeyPatch, left_out: str, empty: bool) -> None:
    given = {name: value for name, value in MAIL.items() if name != left_out} | ({left_out: ""} if empty else {})
    message = refusal(monkeypatch, **GOOD, **given)[""]
    assert all(name in message for name in MAIL)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://geheim@h", "SMTP_URL must start with smtp+starttls://"),
        ("mail.example.org:25", "SMTP_URL must start with smtp+starttls://"),
        ("//geheim", "SMTP_URL must start with smtp+starttls://"),
        ("smtps://", "followed by a host"),
        ("smtps://h:geheim", "a port that is a number"),
        ("smtps://h:99999", "a port that is a number"),
        ("smtps://[geheim", "a port that is a number"),
        ("smtp://w:geheim@mail.example.org", "its password in the clear"),
    ],
)
def test_a_mail_server_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, url: str, message: str) -> None:
    assert message in refusal(monkeypatch, **GOOD, **MAIL | {"SMTP_URL": url})[""]


@pytest.mark.parametrize(
    "url", ["smtp://relay", "smtp://w:geheim@localhost:2525", "smtps://w:geheim@h", "smtp://[::1]"]
)
def test_a_mail_server_that_can_be_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert read(monkeypatch, **GOOD, **MAIL | {"SMTP_URL": url}).smtp_dsn == url


@pytest.mark.parametrize("sender", ["Wijzer", "a@b c@d", "w@example.org\nBcc: x@example.org", "Wijzer <>", "jörg@x.nl"])
def test_mail_comes_from_an_address(monkeypatch: pytest.MonkeyPatch, sender: str) -> None:
    assert "MAIL_FROM must be an address" in refusal(monkeypatch, **GOOD, **MAIL | {"MAIL_FROM": sender})[""]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_POOL_SIZE", "0"),
        ("DATABASE_POOL_SIZE", "many"),
        ("TOKEN_LIFETIME_SECONDS", "59"),
        ("TOKEN_LIFETIME_SECONDS", "3601"),
        ("MAX_BODY_BYTES", "1023"),
        ("WORKERS", "0"),
        ("DEMO", "perhaps"),
        ("PUBLIC_ACCESS", ""),
        ("EVENT_SOURCE", "https://wijzer.example.nl"),
        ("LOG_LEVEL", "INFO"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert refusal(monkeypatch, **GOOD, **{name: value}).keys() == {name}


def test_do_not_show_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, **GOOD)
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "geheim" not in shown
        assert KEY not in shown


def test_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    settings: Any = read(monkeypatch, **GOOD)
    with pytest.raises(ValidationError, match="frozen"):
        settings.demo = True


def example() -> dict[str, str]:
    """The variables of .env.example, commented out or not."""
    lines = re.findall(r"^#?([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert len(dict(lines)) == len(lines), "one is named twice"
    return dict(lines)


def test_the_example_names_every_setting_and_nothing_else() -> None:
    assert example().keys() - COMPOSE_ONLY == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", sorted({each.upper() for each in Settings.model_fields} - FORMS))
def test_the_example_shows_the_default(name: str) -> None:
    default = Settings.model_fields[name.lower()].default
    written = default if isinstance(default, str) else json.dumps(default)
    assert example()[name] == written


def test_the_example_works_once_it_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {name: value.strip("'") for name, value in example().items() if name not in COMPOSE_ONLY}
    read(monkeypatch, **given | {"PUBLIC_URL": "https://wijzer.example.org"})


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_compose_hands_every_setting_to_the_service() -> None:
    listed = (
        (ROOT / "compose.yaml").read_text().split("  api:\n")[1].split("    environment:\n")[1].split("    ports:")[0]
    )
    names = set(re.findall(r"^      ([A-Z_]+):", listed, re.MULTILINE))
    assert names == {name.upper() for name in Settings.model_fields}
