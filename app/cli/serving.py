"""Serves the API."""

from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.cli.settings import settings_of_environment

if TYPE_CHECKING:
    from app.settings import Settings

SERVICE: Final = "app.main"
"""The module of the application."""


def application() -> Any:
    """The application of this process's environment; each worker makes its own."""
    from app.kit.http.workers import load
    from app.kit.monitoring import logging

    settings = settings_of_environment()
    logging.configure(settings)
    return load(SERVICE).create_app(settings)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int | None, typer.Option(help="Processes; WORKERS unless said.")] = None,
) -> None:
    """Serves the API."""
    import asyncio

    from app.kit.http.shared_folders import in_memory, shared_folder

    settings = settings_of_environment()
    count = workers or settings.workers
    with ExitStack() as shared:
        if count > 1:  # before anything loads the metrics, which look there
            shared.enter_context(shared_folder("PROMETHEUS_MULTIPROC_DIR"))
            shared.enter_context(shared_folder("RECORDS_FOLDER", in_memory()))
        from app.kit.http.workers import serve as serve_app
        from app.kit.monitoring import logging

        if not settings.demo:
            asyncio.run(_check_clients(settings))
        logging.configure(settings)
        status = serve_app(application, SERVICE, settings, host, port, count)
    raise typer.Exit(status)


async def _check_clients(settings: "Settings") -> None:
    """Exit status 2 where a production service would start with clients whose secret is published."""
    from app.access.authentication import DemoClientsError, refuse_demo_clients
    from app.kit.database.sessions import connect

    database = connect(settings.dsn, pool_size=1)
    try:
        await refuse_demo_clients(database)
    except DemoClientsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    finally:
        await database.engine.dispose()
