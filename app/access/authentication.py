"""Who may in: a client by its secret, and no demo client in production."""

import secrets

from app.access import repository
from app.access.errors import InvalidClientError
from app.access.repository import Credentials
from app.access.secrets import SALT_BYTES, hash_secret, is_outdated, is_secret
from app.kit.database.sessions import (
    UNREACHABLE,
    Database,
    ReadSession,
    WriteSession,
)
from app.kit.errors import (
    TooManyRequestsError,
)
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import (
    DATABASE_LOST,
    TOKEN_ISSUED,
    TOKEN_REFUSED,
    log,
)
from app.kit.security.attempts import Attempts
from app.kit.security.callers import Caller, Right, Role
from app.kit.security.hashing import hashed

_NOBODY = bytes(SALT_BYTES)


async def authenticate(
    database: Database, attempts: Attempts, client_id: str, secret: str, address: str, *, demo: bool
) -> Caller:
    """The caller that this client is; `InvalidClientError` where it is none, after the same time.

    `TooManyRequestsError` where too many attempts from this address failed. No connection is held while it hashes.
    """
    try:
        attempts.check(client_id, address)
    except TooManyRequestsError:
        metrics.TOKENS_REFUSED.labels("slowed").inc()
        raise
    async with database.read() as session:
        found = await repository.find_credentials(session, client_id)
    if found is not None and found.client.demo and not demo:
        found = None
    salt, kept = (found.client.salt, found.client.secret_hash) if found else (_NOBODY, b"")
    matches = await hashed(is_secret, secret, salt, kept)
    if found is None or not matches:
        attempts.failed(client_id, address)
        metrics.TOKENS_REFUSED.labels("invalid_client").inc()
        log(TOKEN_REFUSED, reason="invalid_client", client=found.client.id if found else None, address=address)
        raise InvalidClientError
    attempts.succeeded(client_id, address)
    if is_outdated(kept):
        await _renew(database, client_id, secret, kept)
    caller = _caller(found)
    log(TOKEN_ISSUED, client=caller.client_id, role=caller.role.value)
    return caller


async def _renew(database: Database, client_id: str, secret: str, kept: bytes) -> None:
    """Keeps the secret at today's cost, unless it was changed in the meantime."""
    salt = secrets.token_bytes(SALT_BYTES)
    renewed = await hashed(hash_secret, secret, salt)
    async with database.write() as session:
        row = await repository.find_client(session, client_id)
        if row is not None and row.secret_hash == kept:
            await repository.set_client(session, row, {"salt": salt, "secret_hash": renewed})


def _caller(found: Credentials) -> Caller:
    organisation = found.organisation
    return Caller(
        client_id=found.client.id,
        organisation_id=organisation.id,
        role=Role(organisation.role),
        provider_id=organisation.provider_id,
        region=organisation.region_code,
        supraregion=organisation.supraregion_code,
        institution=organisation.institution,
        rights=frozenset(map(Right, found.client.rights)),
    )


async def list_demo_callers(session: ReadSession) -> list[tuple[Caller, str]]:
    """The demo clients as callers, by name, each with the name of its organisation."""
    found = await repository.list_demo_clients(session)
    return [(_caller(each), each.organisation.name) for each in found]


async def find_demo_caller(session: ReadSession | WriteSession, client_id: str) -> tuple[Caller, str] | None:
    """The demo client with this name, where it is not revoked."""
    found = await repository.find_credentials(session, client_id)
    return (_caller(found), found.organisation.name) if found is not None and found.client.demo else None


class DemoClientsError(RuntimeError):
    """A production service has clients with a published secret."""


async def refuse_demo_clients(database: Database) -> None:
    """`DemoClientsError` while a demo client exists.

    Where the database cannot be asked, readiness asks it later, and no demo client ever gets a token anyway.
    """
    try:
        async with database.read() as session:
            found = await repository.has_demo_clients(session)
    except UNREACHABLE as error:
        log(DATABASE_LOST, error=type(error).__qualname__)
        return
    if found:
        raise DemoClientsError(
            "There are demo clients in this database, whose secrets are published. Use a database without them, "
            "revoke them, or set DEMO=true."
        )
