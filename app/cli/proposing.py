"""Makes a proposal of a case without a service."""

import json
from pathlib import Path
from typing import Annotated

import typer


def propose(case: Annotated[Path, typer.Argument(help="Children with their offers, and places, as JSON.")]) -> None:
    """Prints which child would best go where, without a database: the same proposal for ever."""
    from app.allocation.propose import propose as propose_case
    from app.dossiers.proposals.case_file import read_case
    from app.dossiers.proposals.case_outcome import write_proposal

    try:
        proposal = propose_case(read_case(json.loads(case.read_bytes())))
    except (OSError, ValueError, OverflowError, RecursionError) as error:
        typer.echo(f"{case}: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(json.dumps(write_proposal(proposal), indent=1, ensure_ascii=False))
