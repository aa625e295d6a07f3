"""The login of the service: it owns nothing, and may do nothing but work as the roles of `roles`."""

import hashlib
import hmac
import os
from base64 import b64encode
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from app.kit.database.roles import CALLER, SERVICE, WRITER

_IS_THERE: Final = text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :name)")
_MAY_MORE: Final = text("""
    SELECT EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) OR r.rolsuper OR r.rolbypassrls OR r.rolcreaterole
    FROM pg_roles r WHERE r.rolname = :name
""")
_CREATE: Final = "SELECT format('CREATE ROLE %I LOGIN', CAST(:name AS text))"
_CHANGE: Final = "SELECT format('ALTER ROLE %I NOINHERIT PASSWORD %L', CAST(:name AS text), CAST(:verifier AS text))"
_GRANT: Final = f"SELECT format('GRANT {CALLER}, {WRITER}, {SERVICE} TO %I', CAST(:name AS text))"

_ROUNDS: Final = 4096
"""Those of PostgreSQL itself (`scram_iterations`)."""


class LoginError(ValueError):
    """There can be no such login, or it is one that may do more than the service should."""


async def ensure_login(dsn: str, name: str, password: str) -> None:
    """Makes the login where the server has none, and gives it this password and the three roles, which are there.

    Whoever `dsn` logs in as needs `CREATEROLE`. `LoginError` where it has not, and where `name` owns tables or may do
    what an administrator may, as the owner that migrates.
    """
    engine = create_async_engine(dsn, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            if not await connection.scalar(_IS_THERE, {"name": name}):
                await _execute(connection, _CREATE, name=name)
            elif await connection.scalar(_MAY_MORE, {"name": name}):
                raise LoginError(f"{name} owns tables or has rights of its own: the service needs a login without.")
            await _execute(connection, _CHANGE, name=name, verifier=verifier_of(password, os.urandom(16)))
            await _execute(connection, _GRANT, name=name)
    finally:
        await engine.dispose()


def verifier_of(password: str, salt: bytes) -> str:
    """What PostgreSQL keeps of a password (SCRAM-SHA-256, RFC 5802), so that the password itself is in no statement."""
    if not password.isascii():
        raise LoginError("The password of the login has to be letters, digits and signs of ASCII.")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    salt64, stored64, server64 = (b64encode(each).decode() for each in (salt, stored, server))
    return f"SCRAM-SHA-256${_ROUNDS}:{salt64}${stored64}:{server64}"


async def _execute(connection: AsyncConnection, making: str, **values: str) -> None:
    """Executes the statement that `making` gives, as those on roles take no parameters."""
    statement = await connection.scalar(text(making), values)
    try:
        await connection.exec_driver_sql(statement)
    except DBAPIError as error:
        raise LoginError(f"{values['name']} cannot be made a login of the service: {error.orig}") from error
