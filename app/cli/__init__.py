"""The `wijzer` command: a module for each kind of work, and a function for each command.

A command imports what it needs when it runs, so that `--help`, `rank` and `push` do not load the service; a type of an
option is of a module that is light.
"""

import typer

from app.cli import audit, database, documents, proposing, pushing, ranking, serving, simulating, tokens, waiting

main = typer.Typer(
    name="wijzer", help="Free places in Dutch youth care.", no_args_is_help=True, pretty_exceptions_enable=False
)
for _command in (
    *(serving.serve, database.migrate, database.revision, database.seed, tokens.token, tokens.revoke),
    *(pushing.push, audit.retention, ranking.rank, proposing.propose, simulating.simulate, waiting.expected_waits),
):
    main.command()(_command)
main.command("openapi")(documents.print_openapi)
main.command("figures")(documents.print_figures)
_audit = typer.Typer(help="The audit log of dossiers.", no_args_is_help=True)
_audit.command()(audit.verify)
_audit.command("export")(audit.export)
main.add_typer(_audit, name="audit")
