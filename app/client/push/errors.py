"""Why a file was not sent, or not all of it."""

from collections.abc import Sequence

from app.client.push.file_errors import Fault
from app.domain.language import Text


class PushError(Exception):
    """Base of them; `text` says what is wrong and how to mend it."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class FileError(PushError):
    """It is no file that can be sent."""


class CredentialsError(PushError):
    """The service does not know the client by this secret."""


class RefusedError(PushError):
    """The service takes nothing of what was sent; `faults` say where it is wrong."""

    def __init__(self, text: Text, faults: Sequence[Fault] = ()) -> None:
        super().__init__(text)
        self.faults = faults


class UnavailableError(PushError):
    """The service does not answer now; the same command goes on where this one stopped."""
