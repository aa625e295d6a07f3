"""The `wijzer` command.

A command imports what it needs when it runs, so that `--help`, `rank` and `push` do not load the service; a type of an
option is of a module that is light.
"""

import json
import os
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from app.domain.language import Language
from app.kit.files.limits import MOST
from app.kit.security.callers import Right, Role

if TYPE_CHECKING:
    from app.client.push.destinations import Destination
    from app.settings import Settings

main = typer.Typer(
    name="wijzer", help="Free places in Dutch youth care.", no_args_is_help=True, pretty_exceptions_enable=False
)

_NOBODY = UUID(int=0)


def _settings(**given: Any) -> "Settings":
    """The settings of the environment, save those given; exit status 2 and what to mend where they are not right."""
    from pydantic import ValidationError

    from app.kit.security.issuers import IssuersError
    from app.kit.security.tokens import SigningKeyError, Tokens
    from app.notifying.webhooks.secrets import WebhookKeyError, vault_of
    from app.settings import Settings

    try:
        settings = Settings(**given)
        Tokens(settings)
        vault_of(settings)
    except ValidationError as error:
        for each in error.errors():
            name = "_".join(map(str, each["loc"])).upper()
            typer.echo(f"{name + ': ' if name else ''}{each['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(2) from error
    except (SigningKeyError, IssuersError, WebhookKeyError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    return settings


async def _check_clients(settings: "Settings") -> None:
    """Exit status 2 where a production service would start with clients whose secret is published."""
    from app.access.service import DemoClientsError, refuse_demo_clients
    from app.kit.database.sessions import connect

    database = connect(settings.dsn, pool_size=1)
    try:
        await refuse_demo_clients(database)
    except DemoClientsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    finally:
        await database.engine.dispose()


def application() -> Any:
    """The application of this process's environment; each worker makes its own."""
    from app.kit.monitoring import logging
    from app.main import create_app

    settings = _settings()
    logging.configure(settings)
    return create_app(settings)


@main.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int | None, typer.Option(help="Processes; WORKERS unless said.")] = None,
) -> None:
    """Serves the API."""
    import asyncio

    from app.kit.http.shared_folders import in_memory, shared_folder

    settings = _settings()
    count = workers or settings.workers
    with ExitStack() as shared:
        if count > 1:  # before anything loads the metrics, which look there
            shared.enter_context(shared_folder("PROMETHEUS_MULTIPROC_DIR"))
            shared.enter_context(shared_folder("RECORDS_FOLDER", in_memory()))
        from app.kit.http.workers import serve as serve_app
        from app.kit.monitoring import logging

        if not settings.demo:
            asyncio.run(_check_clients(settings))
        logging.configure(settings)
        status = serve_app(application, "app.main", settings, host, port, count)
    raise typer.Exit(status)


@main.command()
def migrate(
    down_to: Annotated[str | None, typer.Option(help="Go back to this migration instead; base: to none.")] = None,
) -> None:
    """Brings the database to the newest migration, and loads the reference data."""
    import asyncio

    from alembic.util import CommandError

    from app.kit.database import migrations
    from app.kit.database.sessions import UNREACHABLE
    from app.reference.loader import load

    dsn = _settings().dsn
    try:
        if down_to is not None:
            migrations.downgrade(dsn, down_to)
            return
        migrations.upgrade(dsn)
        asyncio.run(load(dsn))
    except (*UNREACHABLE, CommandError) as error:
        typer.echo(f"The database could not be migrated: {error}", err=True)
        raise typer.Exit(1) from error


def _temporary_server() -> AbstractContextManager[str]:
    from scripts.local.postgres import temporary  # of the repository, not of the package

    return temporary()


@main.command()
def revision(message: Annotated[str, typer.Option("--message", "-m", help="What it changes, in a few words.")]) -> None:
    """Writes the next migration, for a developer to read: what the tables of the code have and the newest has not.

    Compares with the database of DATABASE_URL, or without one with an embedded server that is gone afterwards.
    """
    from alembic.util import CommandError

    from app.kit.database import migrations
    from app.kit.database.sessions import UNREACHABLE

    given = bool(os.environ.get("DATABASE_URL"))
    with nullcontext(_settings(demo=True).dsn) if given else _temporary_server() as dsn:
        try:
            if not given:
                migrations.upgrade(dsn)
            typer.echo(migrations.revise(dsn, message))
        except (*UNREACHABLE, CommandError) as error:
            typer.echo(f"No migration was made: {error}", err=True)
            raise typer.Exit(1) from error


@main.command()
def seed() -> None:
    """Loads the demo data set, relative to today; only in demo mode."""
    import asyncio

    from app.domain.dates import dutch_day
    from app.kit.clock import system_clock

    settings = _settings()
    if not settings.demo:
        typer.echo("The demo data has clients with a published secret: it loads with DEMO=true only.", err=True)
        raise typer.Exit(2)
    from app.demo.seed import seed as load_demo  # after the refusal: production has no use for the demo data

    typer.echo(asyncio.run(load_demo(settings.dsn, dutch_day(system_clock()))))


@main.command()
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
    settings = _settings()
    longest = timedelta(seconds=settings.token_lifetime_seconds)
    lifetime = longest if minutes is None else timedelta(minutes=minutes)
    if lifetime > longest:
        raise typer.BadParameter(f"longer than TOKEN_LIFETIME_SECONDS ({settings.token_lifetime_seconds}) is refused")
    issued = Tokens(settings).issue(claims_of(caller), system_clock(), lifetime)
    typer.echo(issued)


@main.command()
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
        asyncio.run(revoke_tokens(_settings().dsn, client, system_clock()))
    except UNREACHABLE as error:
        typer.echo(f"Nothing was revoked: {type(error).__name__}", err=True)
        raise typer.Exit(1) from error


def _destination(name: str) -> "Destination":
    """Where the lines of a file go: the client itself knows of no child."""
    from app.client.push.destinations import REPORTS, Destination
    from app.domain.language import Text

    if name == REPORTS.path:
        return REPORTS
    from app.dossiers.deliveries.columns import LAYOUT

    return Destination(name, Text(nl="kinderen", en="children"), LAYOUT)


@main.command()
def push(
    file: Annotated[
        Path,
        typer.Argument(
            help="Capacity reports or waiting children (.xlsx, .csv, .txt, .json, .ndjson), or locations and offers "
            "(.json)."
        ),
    ],
    url: Annotated[str, typer.Option(help="Address of the service, such as https://example.org/v1.")],
    client: Annotated[str, typer.Option(help="The client; its secret is in WIJZER_CLIENT_SECRET.")],
    report: Annotated[Path | None, typer.Option(help="Where all that is rejected goes.")] = None,
    state: Annotated[
        Path | None, typer.Option(help="Where it keeps how far it is; FILE.push-state unless said.")
    ] = None,
    to: Annotated[
        Literal["capacity-reports", "waiting-children"],
        typer.Option(help="What it is: a provider's reports (or its offers), or an institution's waiting children."),
    ] = "capacity-reports",
    lines: Annotated[int, typer.Option(min=1, max=MOST, help="Lines in one call.")] = MOST,
    provider: Annotated[
        str | None, typer.Option(help="Of offers: whose they are, for a client that is none's.")
    ] = None,
    language: Annotated[Language, typer.Option(help="Of what it says.")] = "nl",
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Of offers and children: only say what would change.")
    ] = False,
    end_missing: Annotated[
        bool, typer.Option("--end-missing", help="Of offers and children: end, or close, those not in the file.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help="Of children, with --end-missing: the closing reason, such as help-not-needed.")
    ] = None,
    reference_day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of children: the day that it is about; today.")
    ] = None,
) -> None:
    """Sends a file of a provider or institution to a service. One that is stopped goes on where it was.

    Exit status: 0 all taken in, 1 some rejected, 2 not sent, 3 the service is away: try later.
    """
    from rich.console import Console

    from app.client.push.run import Options
    from app.client.push.run import push as send_file

    secret = os.environ.get("WIJZER_CLIENT_SECRET")
    if not secret:
        typer.echo(
            "WIJZER_CLIENT_SECRET is missing: the secret of the client, which has no place on a command line.", err=True
        )
        raise typer.Exit(2)
    options = Options(
        *(file, url, client, language, lines, provider, report, state, dry_run, end_missing),
        to=_destination(to),
        of_day=reference_day.date() if reference_day else None,
        reason=reason,
    )
    raise typer.Exit(send_file(options, secret, Console(), Console(stderr=True)))


@main.command("openapi")
def print_openapi(
    check: Annotated[Path | None, typer.Option(help="Fail where this file is not the document.")] = None,
) -> None:
    """Prints the OpenAPI document."""
    from app.kit.http import openapi
    from app.main import create_app

    settings = _settings(database_url="postgresql+asyncpg://", demo=True)
    text = json.dumps(openapi.document(create_app(settings)), indent=2, ensure_ascii=False) + "\n"
    if check is None:
        typer.echo(text, nl=False)
    elif check.read_text(encoding="utf-8") != text:
        typer.echo(f"{check} is not what the code says: run `wijzer openapi > {check}`.", err=True)
        raise typer.Exit(1)


audit = typer.Typer(help="The audit log of dossiers.", no_args_is_help=True)
main.add_typer(audit, name="audit")


@audit.command()
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
        database = connect(_settings().dsn, pool_size=1)
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


@audit.command("export")
def export_audit_log(
    dossier: Annotated[UUID | None, typer.Argument(help="The request; all of them unless said.")] = None,
) -> None:
    """Prints the audit log, a JSON line an entry, with the names of Logboek Dataverwerkingen."""
    import asyncio

    from app.dossiers.audit.processing_log import write_log
    from app.kit.database.sessions import connect

    async def write() -> None:
        settings = _settings()
        database = connect(settings.dsn, pool_size=1)
        try:
            async with database.read() as session:
                async for line in write_log(session, dossier, settings.event_source):
                    typer.echo(line)
        finally:
            await database.close()

    asyncio.run(write())


@main.command()
def retention() -> None:
    """Says what is kept, for how long and why, and what should have been deleted; exit status 1 where any is."""
    import asyncio

    from app.kit.clock import system_clock
    from app.kit.database.sessions import connect
    from app.retention import report

    async def look() -> Any:
        settings = _settings()
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


@main.command("figures")
def print_figures() -> None:
    """Prints docs/figures.md: what each figure of insight counts."""
    from app.insight.definitions.page import figures_page

    typer.echo(figures_page(), nl=False)


@main.command()
def rank(case: Annotated[Path, typer.Argument(help="A request, offers, a date and a policy, as JSON.")]) -> None:
    """Prints the ranking of a case, without a database: the same outcome for ever."""
    from app.finding.matching.case_file import read_case
    from app.finding.matching.case_outcome import write_outcome
    from app.ranking.rank import rank as rank_case

    try:
        read = read_case(json.loads(case.read_bytes()))
        outcome = rank_case(read.request, read.offers, today=read.today, policy=read.policy)
    except (OSError, ValueError, OverflowError, RecursionError) as error:
        typer.echo(f"{case}: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(json.dumps(write_outcome(outcome), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
