"""Looks into the audit log, and at what is kept."""

from typing import Annotated, Any
from uuid import UUID

import typer

from app.cli.settings import settings_of_environment


def verify(
    expect: Annotated[
        str | None, typer.Option(help="A seal that was noted earlier (number:hash), which has to be there still.")
    ] = None,
) -> None:
    """Follows the chain of seals: exit status 1 where an entry was changed or is gone."""
    import asyncio

    from app.dossiers.audit.service import verify as verify_chain
    from app.kit.clock import system_clock
    from app.kit.database.sessions import connect

    async def look() -> Any:
        database = connect(settings_of_environment().dsn, pool_size=1)
        try:
            async with database.read() as session:
                return await verify_chain(session, system_clock(), expect)
        finally:
            await database.close()

    verdict = asyncio.run(look())
    for each in verdict.wrong:
        typer.echo(each, err=True)
    typer.echo(f"{verdict.entries} entries under {verdict.seals} seals, {verdict.unsealed} not sealed yet")
    typer.echo(f"last seal: {verdict.last}")
    raise typer.Exit(1 if verdict.wrong else 0)


def export(
    dossier: Annotated[UUID | None, typer.Argument(help="The request; all of them unless said.")] = None,
) -> None:
    """Prints the audit log, a JSON line an entry, with the names of Logboek Dataverwerkingen."""
    import asyncio

    from app.dossiers.audit.processing_log import write_log
    from app.kit.database.sessions import connect

    async def write() -> None:
        settings = settings_of_environment()
        database = connect(settings.dsn, pool_size=1)
        try:
            async with database.read() as session:
                async for line in write_log(session, dossier, settings.event_source):
                    typer.echo(line)
        finally:
            await database.close()

    asyncio.run(write())


def retention() -> None:
    """Says what is kept, for how long and why, and what should have been deleted; exit status 1 where any is."""
    import asyncio

    from app.kit.clock import system_clock
    from app.kit.database.sessions import connect
    from app.retention import report

    async def look() -> Any:
        settings = settings_of_environment()
        database = connect(settings.dsn, pool_size=1)
        try:
            return await report(database, settings, system_clock())
        finally:
            await database.close()

    found = asyncio.run(look())
    for each in found:
        kind = each.kind
        period = "for ever" if kind.period is None else f"{kind.period.days} days"
        setting = f" ({kind.setting})" if kind.setting else ""
        typer.echo(f"{kind.name}: {period}{setting}: {kind.reason}")
        typer.echo(f"    {each.rows} kept, oldest {each.oldest or 'none'}, {each.overdue} overdue")
    raise typer.Exit(1 if any(each.overdue for each in found) else 0)
