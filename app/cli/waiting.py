"""Holds expected waits against what happened."""

from typing import Annotated

import typer

from app.allocation.back_test import Held
from app.cli.settings import settings_of_environment


def expected_waits(
    weeks: Annotated[int, typer.Option(min=14, max=520, help="How many weeks back.")] = 104,
) -> None:
    """Says how far our expected waits were off in this installation, and how far what providers stated was.

    At the end of each week an estimate is made of what was known then, and held against what came after.
    """
    import asyncio

    from app.allocation.back_test import hold
    from app.domain.dates import dutch_day
    from app.kit.clock import system_clock
    from app.kit.database.sessions import connect
    from app.supply.capacity.expected_waits import histories

    async def look() -> Held:
        database = connect(settings_of_environment().dsn, pool_size=1)
        try:
            async with database.read() as session:
                return hold([each async for each in histories(session, dutch_day(system_clock()), weeks)])
        finally:
            await database.close()

    for line in _lines(asyncio.run(look())):
        typer.echo(line)


def _lines(held: Held) -> list[str]:
    if held.error is None:
        return [f"no estimate of which is known what happened; {held.unfinished} have not happened yet"]
    lines = [
        f"{held.known} estimates of which is known what happened: "
        f"{held.within / held.known:.0%} within the interval (8 of 10 is meant), off by {held.error} days on average",
        f"{held.unfinished} have not happened yet, and {held.late} of them are later than the interval by now",
    ]
    if held.compared:
        lines.append(
            f"{held.compared} of those known had a stated wait beside them: it was off by {held.stated_error} days "
            f"on average, ours by {held.our_error}"
        )
    return lines
