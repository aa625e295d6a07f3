"""The command behind `scripts/bench`."""

import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from scripts.benchmark import BenchmarkError
from scripts.benchmark.plan import MEASURES, SMALLEST, Plan
from scripts.local.errors import StartError
from scripts.local.stop_signals import Interrupts

_INTERRUPTED: Final = 130
_VAR: Final = Path("var/bench")
_QUICK: Final[dict[str, Any]] = {
    "sizes": (6_000, 60_000),
    "seconds": 1,
    "repetitions": 1,
    "measures": tuple(each for each in MEASURES if each not in {"insight", "proposals"}),
    "matches": 1_000,
}

command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def _known(measures: list[str] | None) -> list[str] | None:
    """These measures, each of which has to be one."""
    if unknown := set(measures or ()) - set(MEASURES):
        raise typer.BadParameter(f"{min(unknown)} is none of {', '.join(MEASURES)}")
    return measures


@command.command()
def main(
    quick: Annotated[bool, typer.Option("--quick", help="A first impression in some 4 minutes: no figures.")] = False,  # noqa: FBT002 - an option of the command line
    sizes: Annotated[list[int] | None, typer.Option("--size", min=SMALLEST, help="Offers; may repeat.")] = None,
    seconds: Annotated[int | None, typer.Option(min=1, max=60, help="Of each run.")] = None,
    repetitions: Annotated[int | None, typer.Option(min=1, max=20, help="Runs of each figure.")] = None,
    measures: Annotated[
        list[str] | None, typer.Option("--measure", callback=_known, help="May repeat; all unless said.")
    ] = None,
    children: Annotated[int | None, typer.Option(min=1, help="About so many in insight and proposals.")] = None,
) -> None:
    """Measures the product and its limits. Ctrl-C stops all of it."""
    interrupts = Interrupts()
    given: dict[str, Any] = {"seconds": seconds, "repetitions": repetitions, "children": children}
    given |= {"sizes": sizes and tuple(sorted(set(sizes))), "measures": measures and tuple(measures)}
    options: dict[str, Any] = (_QUICK if quick else {}) | {name: value for name, value in given.items() if value}
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
