"""Gives tokens, and has them count no more."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from app.cli.settings import settings_of_environment
from app.kit.security.callers import Right, Role

_NOBODY = UUID(int=0)


def token(
    role: Annotated[Role, typer.Option(help="The role of the token.")],
    organisation: Annotated[UUID, typer.Option(help="Id of the organisation.")] = _NOBODY,
    client: Annotated[str, typer.Option(help="What it is called in logs.")] = "wijzer-token",
    provider: Annotated[UUID | None, typer.Option(help="Of a provider: its id.")] = None,
    region: Annotated[str | None, typer.Option(help="Of a region: its code.")] = None,
    supraregion: Annotated[str | None, typer.Option(help="Of a supraregion: its code.")] = None,
    institution: Annotated[str | None, typer.Option(help="Of a GI or local team: its name.")] = None,
    right: Annotated[list[Right] | None, typer.Option(help="What it may do beyond its role; may repeat.")] = None,
    minutes: Annotated[
        int | None,
        typer.Option(
            min=1, max=60, help="How long it is valid; at most, and unless said, the lifetime of the settings."
        ),
    ] = None,
) -> None:
    """Prints a token signed with SIGNING_KEY: how the first admin gets in, before there is any client."""
    from app.kit.clock import system_clock
    from app.kit.security.callers import Caller, check_owns, claims_of
    from app.kit.security.tokens import Tokens

    caller = Caller(client, organisation, role, provider, region, supraregion, institution, frozenset(right or []))
    try:
        check_owns(caller)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    settings = settings_of_environment()
    longest = timedelta(seconds=settings.token_lifetime_seconds)
    lifetime = longest if minutes is None else timedelta(minutes=minutes)
    if lifetime > longest:
        raise typer.BadParameter(f"longer than TOKEN_LIFETIME_SECONDS ({settings.token_lifetime_seconds}) is refused")
    issued = Tokens(settings).issue(claims_of(caller), system_clock(), lifetime)
    typer.echo(issued)


def revoke(
    client: Annotated[str, typer.Argument(help="The client: its name here, or <issuer>#<sub> of another issuer.")],
) -> None:
    """Has a client's tokens of up to now count no more within a minute, nor its sessions of the web app.

    It can get new ones; to end that too, revoke the client itself (DELETE /organisations/{id}/clients/{name}), or have
    its issuer do so.
    """
    import asyncio

    from app.access.service import revoke_tokens
    from app.kit.clock import system_clock
    from app.kit.database.sessions import UNREACHABLE

    try:
        asyncio.run(revoke_tokens(settings_of_environment().dsn, client, system_clock()))
    except UNREACHABLE as error:
        typer.echo(f"Nothing was revoked: {type(error).__name__}", err=True)
        raise typer.Exit(1) from error
