"""The settings of a command: those of the environment."""

from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from app.settings import Settings


def settings_of_environment(**given: Any) -> "Settings":
    """The settings of the environment, save those given; exit status 2 and what to mend where they are not right."""
    from pydantic import ValidationError

    from app.kit.security.issuers import IssuersError
    from app.kit.security.tokens import SigningKeyError, Tokens
    from app.notifying.webhooks.secrets import WebhookKeyError, vault_of
    from app.settings import Settings

    try:
        settings = Settings(**given)
        Tokens(settings)
        vault_of(settings)
    except ValidationError as error:
        for each in error.errors():
            name = "_".join(map(str, each["loc"])).upper()
            typer.echo(f"{name + ': ' if name else ''}{each['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(2) from error
    except (SigningKeyError, IssuersError, WebhookKeyError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    return settings
