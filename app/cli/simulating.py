"""Simulates a region: does it help?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.settings import settings_of_environment
from app.domain.language import Language
from app.simulation.model import Behaviour, Varied

if TYPE_CHECKING:
    from app.insight.past_year.counts import PastYear
    from app.simulation.history import FromHistory
    from app.simulation.model import World


def simulate(
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="How many years, each with a seed of its own.")] = 10,
    seed: Annotated[int, typer.Option(help="The first of the seeds.")] = 1,
    vary: Annotated[Varied | None, typer.Option(help="What is varied; nothing unless said.")] = None,
    behaviour: Annotated[
        Behaviour | None, typer.Option(help="How referrers look; all four beside each other unless said.")
    ] = None,
    from_history: Annotated[  # noqa: FBT002 - an option of the command line
        bool, typer.Option("--from-history", help="As the last year of this installation was, for what is not said.")
    ] = False,
    region: Annotated[str | None, typer.Option(help="With --from-history: of that region alone, as JZ03.")] = None,
    children: Annotated[int | None, typer.Option(min=1, help="Children who come to need help in a year [300].")] = None,
    scarcity: Annotated[
        float | None, typer.Option(help="Days of help asked for each day that a place offers [0.97].")
    ] = None,
    stale: Annotated[float | None, typer.Option(help="Share of offers whose figures are old [0.2].")] = None,
    taking_part: Annotated[float | None, typer.Option(help="Share of offers that publish figures [1].")] = None,
    refusal: Annotated[float | None, typer.Option(help="Share of children that an offer refuses [0.15].")] = None,
    known: Annotated[int, typer.Option(min=1, help="Offers of each kind of help that a referrer knows.")] = 3,
    json: Annotated[Path | None, typer.Option(help="Where all figures go.")] = None,
    plots: Annotated[Path | None, typer.Option(help="With --vary: a folder for the plots (SVG).")] = None,
    processes: Annotated[int | None, typer.Option(min=1, help="How many at once; as many as there are cores.")] = None,
    language: Annotated[Language, typer.Option(help="Of what it says.")] = "nl",
) -> None:
    """Simulates a region over a year, with referrers who phone round, search, follow the ranking, or weekly proposals.

    The same options give the same output, with --from-history as long as the history is the same. docs/simulation.md
    says what is assumed.
    """
    import os
    from dataclasses import replace

    from rich.console import Console
    from rich.progress import Progress

    from app.simulation.model import BEHAVIOURS, World
    from app.simulation.study import study, years_of
    from app.simulation.words import tables_of

    if plots is not None and vary is None:
        raise typer.BadParameter("--plots shows what --vary varies")
    if region is not None and not from_history:
        raise typer.BadParameter("--region says whose history --from-history takes")
    options = {
        "children": children, "scarcity": scarcity, "stale": stale, "taking_part": taking_part, "refusal": refusal,
    }  # fmt: skip
    said: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    try:
        assumed = World(known=known)
        found = _of_history(assumed, region) if from_history else None
        world = replace(found.world if found else assumed, **said)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    history = found.taken - set(said) if found else frozenset[str]()
    behaviours, numbers = (behaviour,) if behaviour else BEHAVIOURS, range(seed, seed + seeds)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=years_of(behaviours, numbers, vary))
        outcome = study(
            world,
            numbers,
            behaviours=behaviours,
            varied=vary,
            processes=processes or os.cpu_count() or 1,
            told=lambda: progress.advance(task),
            history=history,
        )
    console = Console()
    for table in tables_of(outcome, language):
        console.print(table)
    if json is not None:
        json.write_text(outcome.as_json(), encoding="utf-8")
    if plots is not None:
        from app.simulation.plots import write_plots

        for path in write_plots(outcome, plots, language):
            console.print(str(path), highlight=False)


def _of_history(assumed: "World", region: str | None) -> "FromHistory":
    import asyncio

    from app.domain.dates import dutch_day
    from app.insight.past_year.service import past_year
    from app.kit.clock import system_clock
    from app.kit.database.sessions import connect
    from app.reference.lists import reference
    from app.simulation.history import world_of

    if region is not None and region not in reference().regions:
        raise ValueError(f"{region} is no jeugdregio; GET /v1/regions lists them")

    async def look() -> "PastYear":
        database = connect(settings_of_environment().dsn, pool_size=1)
        try:
            async with database.read() as session:
                return await past_year(session, dutch_day(system_clock()), region)
        finally:
            await database.close()

    return world_of(asyncio.run(look()), assumed)
