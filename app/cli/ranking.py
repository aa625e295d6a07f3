"""Ranks a case without a service."""

import json
from pathlib import Path
from typing import Annotated

import typer


def rank(case: Annotated[Path, typer.Argument(help="A request, offers, a date and a policy, as JSON.")]) -> None:
    """Prints the ranking of a case, without a database: the same outcome for ever."""
    from app.finding.matching.case_file import read_case
    from app.finding.matching.case_outcome import write_outcome
    from app.ranking.rank import rank as rank_case

    try:
        read = read_case(json.loads(case.read_bytes()))
        outcome = rank_case(read.request, read.ranked_offers, today=read.today, policy=read.policy)
    except (OSError, ValueError, OverflowError, RecursionError) as error:
        typer.echo(f"{case}: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(json.dumps(write_outcome(outcome), indent=1, ensure_ascii=False))
