"""Everything that can be configured, read from the environment."""

import re
from email.utils import parseaddr
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SMTP_SCHEMES: Final = ("smtp+starttls", "smtps", "smtp")
"""TLS after a plain greeting, from the start, and not at all: a relay on this machine or network."""

MAIL_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{3,253}$)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*", re.ASCII
)
"""An address that mail goes to or comes from (HTML's `type=email`): ASCII, so that every server takes it."""


def _check_smtp(server: str) -> None:
    try:
        url = urlsplit(server)
        host, _ = url.hostname, url.port  # a port that is no number raises ValueError, with the port in its words
    except ValueError:
        raise ValueError("SMTP_URL must have a host, and a port that is a number where it has one") from None
    if url.scheme not in SMTP_SCHEMES or host is None:
        forms = ", ".join(f"{scheme}://" for scheme in SMTP_SCHEMES)
        raise ValueError(f"SMTP_URL must start with {forms}, followed by a host")
    if url.scheme == "smtp" and url.password and host not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("SMTP_URL would send its password in the clear: use smtp+starttls:// or smtps://")


_NAME: Final = "beschikbaarheidswijzer"
"""`iss` of tokens where nothing says what the service's URL is."""


class Settings(BaseSettings):
    """The settings, one environment variable each, with the same name in capitals.

    Secrets (`DATABASE_URL`, `SIGNING_KEY`, `SIGN_IN_CLIENT_SECRET`, `SMTP_URL`) come from the environment only and
    never show in a log.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    database_url: SecretStr = Field(
        description="Where PostgreSQL (15 or newer) is: postgresql+asyncpg://user:password@host/database.",
    )
    database_replica_url: SecretStr | None = Field(
        default=None, description="Where a streaming replica of it is, for history and insight; none: they read it too."
    )
    database_pool_size: int = Field(
        default=10, ge=1, description="Connections that one worker keeps to PostgreSQL, and as many to the replica."
    )
    database_wait_seconds: float = Field(
        default=5, gt=0, le=60, description="How long a request waits for a connection, from the pool or a new one."
    )
    database_statement_seconds: float = Field(
        default=10, gt=0, le=600, description="How long one statement of a request may take (statement_timeout)."
    )
    database_lock_seconds: float = Field(
        default=2, gt=0, le=60, description="How long it waits for a row or table that another holds (lock_timeout)."
    )
    database_idle_seconds: float = Field(
        default=10,
        gt=0,
        le=600,
        description="How long a transaction may do nothing (idle_in_transaction_session_timeout): after this a process "
        "that froze lets go of what it had locked.",
    )
    database_silence_seconds: float = Field(
        default=15,
        ge=3,
        le=600,
        description="After how long without a word over the line the other end is taken to be gone (TCP keepalives and "
        "tcp_user_timeout, on both sides).",
    )
    database_job_seconds: float = Field(
        default=600, gt=0, le=86_400, description="How long one statement of background work may take."
    )
    demo: bool = Field(
        default=False, description="Demo mode: accepts the demo clients, signs tokens with the demo key."
    )
    signing_key: SecretStr | None = Field(
        default=None, description="PEM of the EC P-256 private key that signs tokens; \\n stands for a new line."
    )
    token_issuer: str = Field(
        default=_NAME,
        description="`iss` of the tokens we issue, and `issuer` of our metadata (RFC 8414): the URL of the service; "
        "PUBLIC_URL unless said.",
    )
    token_audience: str = Field(default="beschikbaarheidswijzer", description="`aud` of the tokens we issue.")
    token_lifetime_seconds: int = Field(default=900, ge=60, le=3600, description="How long a token is valid.")
    trusted_issuers: str = Field(
        default="",
        description="JSON: external issuers by their `iss`, each with the audience of its tokens and the URL of its "
        "keys where its tokens are trusted, and the organisations and roles that it may speak for.",
    )
    session_idle_minutes: int = Field(
        default=60, ge=5, le=720, description="After how long without use somebody has to sign in to the web app again."
    )
    session_hours: int = Field(
        default=10, ge=1, le=24, description="How long somebody stays signed in to the web app at most."
    )
    sign_in_issuer: str | None = Field(
        default=None,
        pattern=r"^(https?://[^?#\s]+)?$",
        description="`iss` of the OpenID Connect issuer with which people sign in to the web app: the URL under which "
        "its /.well-known/openid-configuration is; https, save in demo mode.",
    )
    sign_in_client_id: str | None = Field(default=None, description="What the web app is called there.")
    sign_in_client_secret: SecretStr | None = Field(
        default=None, description="Its secret there; none: a public client, which PKCE alone protects."
    )
    sign_in_scope: str = Field(
        default="openid profile",
        pattern=r"^(\S+ )*openid( \S+)*$",
        description="What is asked of it: openid, and the scopes that bring the claims role, organisation and so on.",
    )
    sign_in_name: str = Field(
        default="uw organisatie",
        min_length=1,
        max_length=60,
        description="What people call it: the button says `Aanmelden bij` and this.",
    )
    webhook_keys: SecretStr | None = Field(
        default=None,
        description="Keys that seal the secrets of webhooks: 32 bytes in base64 each, separated by commas; the first "
        "seals, all open. Without any there are no webhooks, save in demo mode.",
    )
    webhook_private_targets: list[str] = Field(
        default=[],
        description="JSON list of hosts that webhooks may lead to wherever they are, and without TLS: systems on "
        "one's own network. Every other host must have public addresses only, and https.",
    )
    event_source: str = Field(
        default="urn:nld:beschikbaarheidswijzer",
        pattern=r"^urn:nld:[A-Za-z0-9()+,.:=@;$_!*'%/-]+$",
        description="`source` of the events that webhooks tell: a URN of who runs this service and of the service, "
        "such as urn:nld:oin:00000001823288444000:systeem:beschikbaarheidswijzer.",
    )
    public_access: bool = Field(
        default=False, description="Answer /availability, /offers, /providers, /fhir and /hsds without a token as well."
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^/?#\s]+)?$",
        description="Where callers reach the service, such as https://host, for what mail refers to, "
        "and for addresses that must be absolute (FHIR, HSDS); empty: mail names paths, the rest is as requests say.",
    )
    cors_origins: list[str] = Field(default=[], description="JSON list of the origins that browsers may call from.")
    rate_limit: str = Field(
        default="1000/second",
        description="Requests per client, and per address of those without a token, such as 600/minute; over all "
        "workers of a machine; empty: no limit.",
    )
    token_rate_limit: str = Field(
        default="600/minute", description="Token requests per address, over all workers of a machine; empty: no limit."
    )
    records_folder: Path | None = Field(
        default=None,
        description="Where the workers of a machine share what they count of callers, in memory (under /dev/shm); "
        "`wijzer serve` makes one where it starts several.",
    )
    trusted_proxies: list[str] = Field(
        default=[],
        description="JSON list of the addresses or networks (CIDR) of the proxies in front: only what these say in "
        "X-Forwarded-For and X-Forwarded-Proto is believed, read from the right. None: nothing is.",
    )
    max_under_way: int = Field(
        default=64, ge=1, description="Requests that one worker works on at once; the rest get a 503 at once."
    )
    max_connections: int = Field(
        default=10_000,
        ge=1,
        description="Connections that one worker keeps open; fewer where it may not have so many files open.",
    )
    max_connections_per_address: int = Field(
        default=1000,
        ge=1,
        description="Of these, those of one address (of IPv6 a /64) that is no trusted proxy; half of all at most.",
    )
    client_seconds: float = Field(
        default=10,
        gt=0,
        le=300,
        description="How long a client may take for the first byte of a request and then for its head; in as long as "
        "this it must also send, or take, 1,000 bytes for each second.",
    )
    max_streams: int = Field(default=5000, ge=1, description="Event streams that one worker keeps open.")
    heartbeat_seconds: float = Field(
        default=15, ge=1, le=300, description="After how long a silent event stream shows that it lives."
    )
    max_body_bytes: int = Field(default=1_048_576, ge=1024, description="Largest request body, in bytes.")
    max_bulk_body_bytes: int = Field(
        default=16_777_216,
        ge=1024,
        description="The same of POST /capacity-reports and of a batch of offers, in bytes.",
    )
    dossier_retention_months: int = Field(
        default=60,
        ge=1,
        le=240,
        description="Months after which a closed dossier is erased; the institution's own file is kept by the law.",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="The mail server: smtp+starttls://user:password@host:587, smtps://… or smtp://…; none: no mail.",
    )
    mail_from: str | None = Field(
        default=None, description="The address that mail comes from; bare, or as Name <address>."
    )
    mail_language: Literal["nl", "en"] = Field(
        default="nl", description="The language of reminders and of mail on referrals and calls."
    )
    pdok_background: bool = Field(
        default=False,
        description="Draw maps over the Kadaster's BRT Achtergrondkaart, which browsers then fetch from PDOK.",
    )
    otlp_endpoint: str = Field(
        default="",
        pattern=r"^(https?://[^?#\s]+)?$",
        description="Where traces go: the address of an OpenTelemetry collector that takes OTLP over HTTP, such as "
        "http://collector:4318; empty: no traces.",
    )
    workers: int = Field(default=1, ge=1, description="Processes that `wijzer serve` starts.")
    drain_seconds: float = Field(
        default=5,
        ge=0,
        le=300,
        description="How long a process that is told to stop (SIGTERM) still takes requests while it says that it is "
        "not ready, so that whoever balances the load goes elsewhere.",
    )
    stop_seconds: int = Field(
        default=15, ge=1, le=300, description="How long answers under way, and streams, may then still take."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that is logged."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="json: a line an event; console: for people."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, given: list[str]) -> list[str]:
        for each in given:
            ip_network(each)  # ValueError: with words that say what is wrong
        return given

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for name, dsn in (("DATABASE_URL", self.dsn), ("DATABASE_REPLICA_URL", self.replica_dsn)):
            if dsn is not None and not dsn.startswith("postgresql+asyncpg://"):
                raise ValueError(f"{name} must start with postgresql+asyncpg:// (PostgreSQL is the only database)")
        if not self.demo and not self.signing_key:
            raise ValueError(
                "SIGNING_KEY is missing: outside demo mode tokens need a key of their own. "
                "Make one with: openssl ecparam -name prime256v1 -genkey -noout"
            )
        return self

    @model_validator(mode="after")
    def _sign_in(self) -> Self:
        if bool(self.sign_in_issuer) != bool(self.sign_in_client_id):
            raise ValueError("SIGN_IN_ISSUER and SIGN_IN_CLIENT_ID go together: set both or none")
        if not self.sign_in_issuer or self.demo:
            return self
        if not self.sign_in_issuer.startswith("https://"):
            raise ValueError("SIGN_IN_ISSUER must start with https://")
        if not self.public_url:
            raise ValueError("SIGN_IN_ISSUER needs PUBLIC_URL: the issuer sends people back to that address")
        return self

    @model_validator(mode="after")
    def _mail(self) -> Self:
        if self.smtp_dsn is not None:
            _check_smtp(self.smtp_dsn)
        if (self.smtp_dsn is None) != (not self.mail_from):
            raise ValueError("SMTP_URL and MAIL_FROM go together: set both or none")
        sender = self.mail_from or "none@example.org"
        if not sender.isprintable() or not MAIL_ADDRESS.fullmatch(parseaddr(sender)[1]):
            raise ValueError("MAIL_FROM must be an address, or a name with an address between < and >")
        return self

    @property
    def issuer(self) -> str | None:
        """`iss` and `issuer`: TOKEN_ISSUER, or else PUBLIC_URL; in demo mode without either None: as requests say.

        Outside demo mode what a request calls us decides nothing: it is then the name of the service.
        """
        if self.token_issuer not in {"", _NAME}:
            return self.token_issuer
        return self.public_url or (None if self.demo else _NAME)

    @property
    def believed_issuers(self) -> frozenset[str]:
        """`iss` of our own tokens that are believed: the name of the service too, unless TOKEN_ISSUER is set."""
        if self.token_issuer not in {"", _NAME}:
            return frozenset({self.token_issuer})
        return frozenset({_NAME, self.issuer or _NAME})

    @cached_property
    def dsn(self) -> str:
        """The connection string in plain text, for the driver only."""
        return self.database_url.get_secret_value()

    @cached_property
    def smtp_dsn(self) -> str | None:
        """The mail server with its password in plain text, for the mailer only; None where there is no mail."""
        return self.smtp_url.get_secret_value() or None if self.smtp_url else None

    @cached_property
    def replica_dsn(self) -> str | None:
        """The replica's connection string in plain text, for the driver only; None where there is no replica."""
        return self.database_replica_url.get_secret_value() or None if self.database_replica_url else None
