"""The command behind `./scripts/run`."""

import sys
from typing import Annotated

import typer

from scripts.local.stop_signals import Interrupts

_INTERRUPTED = 130

command = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@command.command()
def main(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on, on 127.0.0.1.")] = 8000,
    once: Annotated[bool, typer.Option("--once", help="Stop after the shown main job.")] = False,  # noqa: FBT002 - an option of the command line
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Reference data only.")] = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Starts the service with a database and demo data of its own, and shows the main job.

    Ctrl-C stops all of it, with exit status 0 when it was serving until then.
    """
    interrupts = Interrupts()
    try:
        from scripts.local.run import run  # noqa: PLC0415 - takes a second, in which Ctrl-C has to work too

        status = run(interrupts, port=port, once=once, demo=not no_demo)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        status = _INTERRUPTED if once else 0
    raise typer.Exit(status)


if __name__ == "__main__":
    command(prog_name="scripts/run")
