"""The command behind `./scripts/run`."""

from typing import Annotated

import typer

from app.demo.run import run


def main(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on, on 127.0.0.1.")] = 8000,
    once: Annotated[bool, typer.Option("--once", help="Stop after the shown main job.")] = False,  # noqa: FBT002 - an option of the command line
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Reference data only.")] = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Starts the service with a database and demo data of its own, and shows the main job."""
    raise typer.Exit(run(port=port, once=once, demo=not no_demo))


if __name__ == "__main__":
    typer.run(main)
