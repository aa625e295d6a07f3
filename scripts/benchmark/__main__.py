"""The command behind `scripts/bench`."""

import sys
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import typer

from scripts.benchmark import BenchmarkError
from scripts.benchmark.plan import SIZES, Measure, Plan
from scripts.local.errors import StartError
from scripts.local.stop_signals import Interrupts

_INTERRUPTED: Final = 130
_VAR: Final = Path("var/bench")
_QUICK: Final = {"sizes": (6_000, 60_000), "seconds": 1, "repetitions": 1, "watch_seconds": 4, "insight": False}
_MEASURES: Final = (*get_args(Measure), "visibility", "insight")

command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@command.command()
def main(
    quick: Annotated[bool, typer.Option("--quick", help="A first impression in some 3 minutes: no figures.")] = False,  # noqa: FBT002 - an option of the command line
    size: Annotated[list[int] | None, typer.Option(min=min(SIZES), help="Number of offers; may repeat.")] = None,
    seconds: Annotated[int | None, typer.Option(min=1, max=60, help="Of each run.")] = None,
    repetitions: Annotated[int | None, typer.Option(min=1, max=20, help="Runs of each figure.")] = None,
    measure: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(_MEASURES)}; may repeat.")] = None,
) -> None:
    """Measures the product and its limits. Ctrl-C stops all of it."""
    interrupts = Interrupts()
    options: dict[str, Any] = dict(_QUICK) if quick else {}
    options |= {key: each for key, each in (("seconds", seconds), ("repetitions", repetitions)) if each is not None}
    if size:
        options["sizes"] = tuple(sorted(set(size)))
    if measure:
        if not set(measure) <= set(_MEASURES):
            raise typer.BadParameter(f"{', '.join(measure)}: some of {', '.join(_MEASURES)}")
        chosen = tuple(each for each in get_args(Measure) if each in measure)
        options |= {"measures": chosen, "watch": "visibility" in measure, "insight": "insight" in measure}
    try:
        from scripts.benchmark.run import run  # noqa: PLC0415 - takes a second, in which Ctrl-C has to work too

        report = run(interrupts, Plan(**options), _VAR)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        raise typer.Exit(_INTERRUPTED) from None
    except (BenchmarkError, StartError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    report.write(_VAR / "report.json", _VAR / "report.md")
    print(report.to_markdown())
    print(f"The report is in {_VAR}/report.md and {_VAR}/report.json.")


if __name__ == "__main__":
    command(prog_name="scripts/bench")
