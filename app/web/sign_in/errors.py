"""Why somebody could not sign in with their organisation's account."""

from enum import StrEnum


class Failure(StrEnum):
    """What stood in the way; `views.FAILURES` has what the page says of each."""

    DENIED = "denied"
    """The person broke off at the issuer, or the issuer does not let this person through."""

    EXPIRED = "expired"
    """It took too long, was done before, or was begun in another browser: no answer to what this browser asked."""

    AWAY = "away"
    """The issuer does not answer, or says that it is out of order."""

    UNTRUSTED = "untrusted"
    """The issuer's answer is not as it should be: a signature, an audience, or how it has been set up."""

    NO_ROLE = "no-role"
    """The issuer knows the person, but its claims give no role here."""


class SignInError(Exception):
    """Somebody could not sign in; `error` says in a word what was found, for the log alone."""

    def __init__(self, failure: Failure, error: str) -> None:
        super().__init__(f"{failure}: {error}")
        self.failure = failure
        self.error = error
