"""What can go wrong with a watch."""

from typing import Final

from app.domain.language import Text
from app.kit.errors import ConflictError, InputError

MOST_WATCHES: Final = 500
"""Of one organisation, those that have ended not counted."""


class WatchClosedError(ConflictError):
    """A watch of a request ends with it."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="De hulpvraag van deze zoekopdracht is gesloten; maak een nieuwe zoekopdracht.",
                en="The request of this watch was closed; make a new watch.",
            )
        )


class TooManyWatchesError(ConflictError):
    """An organisation has so many watches and no more."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl=f"Uw organisatie heeft al {MOST_WATCHES} zoekopdrachten; verwijder er eerst een.",
                en=f"Your organisation has {MOST_WATCHES} watches already; delete one first.",
            )
        )


def unknown_request() -> InputError:
    """The error for a request that does not exist, or is another organisation's."""
    text = Text(nl="Deze hulpvraag bestaat niet.", en="There is no such request.")
    return InputError("#/requestId", "unknown-request", text)


def out_of_time() -> InputError:
    """The error for a last day that lies too near or too far."""
    text = Text(nl="Een dag van vandaag tot hooguit een jaar later.", en="A day from today to a year from now at most.")
    return InputError("#/expiresOn", "out-of-range", text)


def no_mail() -> InputError:
    """The error for the channel email where this service has no mail server."""
    text = Text(nl="Deze dienst verstuurt geen mail; kies een ander kanaal.", en="This service sends no mail.")
    return InputError("#/channels", "no-mail", text)
