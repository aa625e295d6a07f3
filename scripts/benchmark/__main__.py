"""The command behind `scripts/bench`."""

import sys
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import typer

from scripts.benchmark.errors import BenchmarkError
from scripts.benchmark.figures import Measure
from scripts.benchmark.plan import SIZES, Plan
from scripts.local.errors import StartError
from scripts.local.stop_signals import Interrupts

_INTERRUPTED: Final = 130
_VAR: Final = Path("var/bench")
_QUICK: Final = {"sizes": (6_000, 60_000), "seconds": 1, "repetitions": 1, "watch_seconds": 4}

command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@command.command()
def main(
    quick: Annotated[bool, typer.Option("--quick", help="A first impression in some 2 minutes: no figures.")] = False,  # noqa: FBT002 - an option of the command line
    sizes: Annotated[str | None, typer.Option(help="Numbers of offers, with commas between.")] = None,
    seconds: Annotated[int | None, typer.Option(min=1, max=60, help="Of each run.")] = None,
    repetitions: Annotated[int | None, typer.Option(min=1, max=20, help="Runs of each figure.")] = None,
    measures: Annotated[str | None, typer.Option(help="Some of match, search, capacity, bulk, visibility.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Load the data sets anew.")] = False,  # noqa: FBT002 - an option of the command line
    json: Annotated[Path, typer.Option(help="Where the JSON goes.")] = _VAR / "report.json",
    markdown: Annotated[Path, typer.Option(help="Where the tables go.")] = _VAR / "report.md",
) -> None:
    """Measures the product, its limits and a peer. Ctrl-C stops all of it."""
    interrupts = Interrupts()
    given = {"sizes": _sizes(sizes), "seconds": seconds, "repetitions": repetitions, **_measures(measures)}
    options: dict[str, Any] = (_QUICK if quick else {}) | {key: each for key, each in given.items() if each is not None}
    try:
        from scripts.benchmark.run import run, write  # noqa: PLC0415 - takes a second, in which Ctrl-C has to work too

        report = run(interrupts, Plan(**options), _VAR, fresh=fresh)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        raise typer.Exit(_INTERRUPTED) from None
    except (BenchmarkError, StartError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    write(report, json, markdown)
    print(report.to_markdown())
    print(f"The report is in {markdown} and {json}.")


def _sizes(given: str | None) -> tuple[int, ...] | None:
    if given is None:
        return None
    try:
        found = tuple(sorted({int(each) for each in given.split(",")}))
    except ValueError as error:
        raise typer.BadParameter(f"{given}: numbers with commas between, such as 6000,60000") from error
    if not found or found[0] < min(SIZES) or any(size % 10 for size in found):
        raise typer.BadParameter(f"{given}: at least {min(SIZES)} offers, ten to a provider")
    return found


def _measures(given: str | None) -> dict[str, Any]:
    if given is None:
        return {}
    found = given.split(",")
    known = (*get_args(Measure), "visibility")
    if not set(found) <= set(known):
        raise typer.BadParameter(f"{given}: some of {', '.join(known)}, with commas between")
    return {"measures": tuple(each for each in get_args(Measure) if each in found), "watch": "visibility" in found}


if __name__ == "__main__":
    command(prog_name="scripts/bench")
