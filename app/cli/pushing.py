"""Sends a file to a service."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.domain.language import Language
from app.kit.files.limits import MOST

if TYPE_CHECKING:
    from app.client.push.destinations import Destination


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
        to=destination_of(to),
        of_day=reference_day.date() if reference_day else None,
        reason=reason,
    )
    raise typer.Exit(send_file(options, secret, Console(), Console(stderr=True)))


def destination_of(name: str) -> "Destination":
    """Where the lines of a file go: the client itself knows of no child."""
    from app.client.push.destinations import REPORTS, Destination
    from app.domain.language import Text

    if name == REPORTS.path:
        return REPORTS
    from app.dossiers.deliveries.columns import LAYOUT

    return Destination(name, Text(nl="kinderen", en="children"), LAYOUT)
