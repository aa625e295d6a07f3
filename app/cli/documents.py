"""Prints what the code says of itself."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.settings import settings_of_environment


def print_openapi(
    check: Annotated[Path | None, typer.Option(help="Fail where this file is not the document.")] = None,
) -> None:
    """Prints the OpenAPI document."""
    from app.kit.http import openapi
    from app.main import create_app

    settings = settings_of_environment(database_url="postgresql+asyncpg://", demo=True)
    text = json.dumps(openapi.document(create_app(settings)), indent=2, ensure_ascii=False) + "\n"
    if check is None:
        typer.echo(text, nl=False)
    elif check.read_text(encoding="utf-8") != text:
        typer.echo(f"{check} is not what the code says: run `wijzer openapi > {check}`.", err=True)
        raise typer.Exit(1)


def print_figures() -> None:
    """Prints docs/figures.md: what each figure of insight counts."""
    from app.insight.definitions.page import figures_page

    typer.echo(figures_page(), nl=False)
