"""Makes, changes and fills the database."""

import os
from contextlib import AbstractContextManager, nullcontext
from typing import Annotated

import typer

from app.cli.settings import settings_of_environment


def migrate(
    down_to: Annotated[str | None, typer.Option(help="Go back to this migration instead; base: to none.")] = None,
    login: Annotated[
        str | None, typer.Option(help="Make this login for the service, which owns nothing, with LOGIN_PASSWORD.")
    ] = None,
) -> None:
    """Brings the database to the newest migration, and loads the reference data."""
    import asyncio

    from alembic.util import CommandError

    from app.kit.database import migrations
    from app.kit.database.logins import LoginError, ensure_login
    from app.kit.database.sessions import UNREACHABLE
    from app.reference.loader import load

    dsn = settings_of_environment().dsn
    password = os.environ.get("LOGIN_PASSWORD")
    if login is not None and not password:
        typer.echo("LOGIN_PASSWORD: the password of the login is missing", err=True)
        raise typer.Exit(2)
    try:
        if down_to is not None:
            migrations.downgrade(dsn, down_to)
            return
        migrations.upgrade(dsn)
        asyncio.run(load(dsn))
        if login is not None and password:
            asyncio.run(ensure_login(dsn, login, password))
    except (*UNREACHABLE, CommandError, LoginError) as error:
        typer.echo(f"The database could not be migrated: {error}", err=True)
        raise typer.Exit(1) from error


def revision(message: Annotated[str, typer.Option("--message", "-m", help="What it changes, in a few words.")]) -> None:
    """Writes the next migration, for a developer to read: what the tables of the code have and the newest has not.

    Compares with the database of DATABASE_URL, or without one with an embedded server that is gone afterwards.
    """
    from alembic.util import CommandError

    from app.kit.database import migrations
    from app.kit.database.sessions import UNREACHABLE

    given = bool(os.environ.get("DATABASE_URL"))
    with nullcontext(settings_of_environment(demo=True).dsn) if given else _temporary_server() as dsn:
        try:
            if not given:
                migrations.upgrade(dsn)
            typer.echo(migrations.revise(dsn, message))
        except (*UNREACHABLE, CommandError) as error:
            typer.echo(f"No migration was made: {error}", err=True)
            raise typer.Exit(1) from error


def seed() -> None:
    """Loads the demo data set, relative to today; only in demo mode."""
    import asyncio

    from app.domain.dates import dutch_day
    from app.kit.clock import system_clock

    settings = settings_of_environment()
    if not settings.demo:
        typer.echo("The demo data has clients with a published secret: it loads with DEMO=true only.", err=True)
        raise typer.Exit(2)
    from app.demo.seed import seed as load_demo  # after the refusal: production has no use for the demo data

    typer.echo(asyncio.run(load_demo(settings.dsn, dutch_day(system_clock()))))


def _temporary_server() -> AbstractContextManager[str]:
    from scripts.local.postgres import temporary  # of the repository, not of the package

    return temporary()
