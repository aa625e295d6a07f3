"""Simulates a region: does it help?"""

from pathlib import Path
from typing import Annotated

import typer

from app.domain.language import Language
from app.simulation.model import Behaviour, Varied


def simulate(
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="How many years, each with a seed of its own.")] = 10,
    seed: Annotated[int, typer.Option(help="The first of the seeds.")] = 1,
    vary: Annotated[Varied | None, typer.Option(help="What is varied; nothing unless said.")] = None,
    behaviour: Annotated[
        Behaviour | None, typer.Option(help="How referrers look; all four beside each other unless said.")
    ] = None,
    children: Annotated[int, typer.Option(min=1, help="Children who come to need help in a year.")] = 300,
    scarcity: Annotated[float, typer.Option(help="Days of help asked for each day that a place offers.")] = 0.97,
    stale: Annotated[float, typer.Option(help="Share of offers whose figures are old.")] = 0.2,
    taking_part: Annotated[float, typer.Option(help="Share of offers that publish figures.")] = 1.0,
    refusal: Annotated[float, typer.Option(help="Share of children that an offer refuses.")] = 0.15,
    known: Annotated[int, typer.Option(min=1, help="Offers of each kind of help that a referrer knows.")] = 3,
    json: Annotated[Path | None, typer.Option(help="Where all figures go.")] = None,
    plots: Annotated[Path | None, typer.Option(help="With --vary: a folder for the plots (SVG).")] = None,
    processes: Annotated[int | None, typer.Option(min=1, help="How many at once; as many as there are cores.")] = None,
    language: Annotated[Language, typer.Option(help="Of what it says.")] = "nl",
) -> None:
    """Simulates a region over a year, with referrers who phone round, search, follow the ranking, or weekly proposals.

    The same options give the same output. docs/simulation.md says what is assumed.
    """
    import os

    from rich.console import Console
    from rich.progress import Progress

    from app.simulation.model import BEHAVIOURS, World
    from app.simulation.study import study, years_of
    from app.simulation.words import tables_of

    if plots is not None and vary is None:
        raise typer.BadParameter("--plots shows what --vary varies")
    try:
        world = World(
            children=children,
            scarcity=scarcity,
            stale=stale,
            taking_part=taking_part,
            refusal=refusal,
            known=known,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    behaviours, numbers = (behaviour,) if behaviour else BEHAVIOURS, range(seed, seed + seeds)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=years_of(behaviours, numbers, vary))
        found = study(
            world,
            numbers,
            behaviours=behaviours,
            varied=vary,
            processes=processes or os.cpu_count() or 1,
            told=lambda: progress.advance(task),
        )
    console = Console()
    for table in tables_of(found, language):
        console.print(table)
    if json is not None:
        json.write_text(found.as_json(), encoding="utf-8")
    if plots is not None:
        from app.simulation.plots import write_plots

        for path in write_plots(found, plots, language):
            console.print(str(path), highlight=False)
