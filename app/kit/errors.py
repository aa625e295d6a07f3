"""What can go wrong, as classes: a type slug, a title, a status, and in words what is wrong and how to mend it.

Services raise them; `kit.http.problem` renders them all (RFC 9457).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from app.domain.language import Text
from app.kit.entity_tags import Mismatch


@dataclass(frozen=True, slots=True)
class InputError:
    """One thing wrong with the input: where (a JSON pointer in URI fragment form), a code, and words."""

    pointer: str
    code: str
    detail: Text


class ApiError(Exception):
    """Base of every error that a caller gets to see."""

    slug: ClassVar[str]
    title: ClassVar[Text]
    status: ClassVar[int]

    def __init__(self, detail: Text, *, headers: dict[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail.en)
        self.detail = detail
        self.headers = headers or {}
        self.members = members


class InvalidInputError(ApiError):
    """The input breaks the contract; every error in it is listed."""

    slug = "invalid-input"
    title = Text(nl="Ongeldige invoer", en="Invalid input")
    status = 400

    def __init__(self, *errors: InputError) -> None:
        count = len(errors)
        super().__init__(
            Text(
                nl=f"De invoer heeft {count} fout{'' if count == 1 else 'en'}; zie errors.",
                en=f"The input has {count} error{'' if count == 1 else 's'}; see errors.",
            )
        )
        self.errors = errors


class NotAllAcceptedError(InvalidInputError):
    """All or nothing was asked of many, and some are rejected; `outcomes` says what came of each, in order."""

    def __init__(self, errors: Sequence[InputError], outcomes: Any) -> None:
        super().__init__(*errors)
        self.outcomes = outcomes


class UnauthenticatedError(ApiError):
    """No token, or one that is not valid."""

    slug = "unauthenticated"
    title = Text(nl="Geen geldig token", en="No valid token")
    status = 401


class ForbiddenError(ApiError):
    """The caller is known but has no right to this."""

    slug = "forbidden"
    title = Text(nl="Geen recht", en="Forbidden")
    status = 403


class NotFoundError(ApiError):
    """It does not exist, or is another organisation's private data: the two look the same."""

    slug = "not-found"
    title = Text(nl="Niet gevonden", en="Not found")
    status = 404

    def __init__(self, what: Text | None = None) -> None:
        thing = what or Text(nl="Deze bron", en="This resource")
        super().__init__(Text(nl=f"{thing.nl} bestaat niet.", en=f"{thing.en} does not exist."))


class ConflictError(ApiError):
    """The state of things does not allow it."""

    slug = "conflict"
    title = Text(nl="Conflict", en="Conflict")
    status = 409


class OthersRejectedError(ConflictError):
    """Nothing is wrong with it, but all or nothing was asked, and another was rejected."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Alles of niets was gevraagd, en een andere regel is afgewezen; er is niets opgenomen.",
                en="All or nothing was asked, and another line was rejected; nothing was taken in.",
            )
        )


class PreconditionFailedError(ApiError):
    """Somebody changed it since the caller read it."""

    slug = "stale-version"
    title = Text(nl="Verouderde versie", en="Stale version")
    status = 412

    def __init__(self, current: str | None, mismatch: Mismatch = "stale") -> None:
        if current is None:
            super().__init__(
                Text(
                    nl="If-Match vraagt een bestaande versie, en die is er nog niet; laat If-Match weg.",
                    en="If-Match asks for a version that exists, and there is none yet; leave If-Match out.",
                )
            )
            return
        super().__init__(_MISMATCHES[mismatch].format(current=current))


_MISMATCHES: dict[Mismatch, Text] = {
    "stale": Text(
        nl="Intussen gewijzigd: de ETag is nu {current}. Lees opnieuw en probeer het dan nog eens.",
        en="Changed in the meantime: the ETag is now {current}. Read it again, then retry.",
    ),
    "weakened": Text(
        nl="Er is niets gewijzigd, maar de ETag is onderweg veranderd (W/ ervoor of -gzip erachter, zoals een proxy "
        "doet die comprimeert). Stuur in If-Match de sterke vorm, {current}, of laat de proxy ETags met rust.",
        en="Nothing was changed, but the ETag was altered on its way (W/ before it or -gzip after it, as a proxy does "
        "that compresses). Send the strong form in If-Match, {current}, or have the proxy leave ETags alone.",
    ),
    "no-tag": Text(
        nl="If-Match is geen hele ETag; stuur hem zoals hij werd gegeven, met aanhalingstekens: {current}.",
        en="If-Match is no whole ETag; send it as it was given, with its quotes: {current}.",
    ),
}


class PreconditionRequiredError(ApiError):
    """A change needs an If-Match, so that nobody overwrites what they have not seen."""

    slug = "if-match-required"
    title = Text(nl="If-Match ontbreekt", en="If-Match is missing")
    status = 428

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Stuur de ETag van de versie die u las mee in If-Match.",
                en="Send the ETag of the version that you read in If-Match.",
            )
        )


class UnsupportedMediaTypeError(ApiError):
    """The body is of a type that the operation does not take."""

    slug = "unsupported-media-type"
    title = Text(nl="Mediatype niet ondersteund", en="Unsupported media type")
    status = 415

    def __init__(self, *taken: str) -> None:
        names = ", ".join(taken)
        super().__init__(
            Text(
                nl=f"Stuur de inhoud als een van deze soorten (Content-Type): {names}.",
                en=f"Send the body as one of these types (Content-Type): {names}.",
            ),
            headers={"Accept": names},
        )


class UnsupportedCodingError(UnsupportedMediaTypeError):
    """The body is packed in a way that is not taken here; `taken` is the one that is (RFC 9110 section 8.4)."""

    def __init__(self, taken: str) -> None:
        ApiError.__init__(
            self,
            Text(
                nl=f"De inhoud is ingepakt (Content-Encoding) zoals hier niet wordt gelezen; hier kan: {taken}.",
                en=f"The body is encoded (Content-Encoding) in a way that is not read here; taken is: {taken}.",
            ),
            headers={"Accept-Encoding": taken},
        )


class KeyReusedError(ApiError):
    """An idempotency key that was used for another request."""

    slug = "idempotency-key-reused"
    title = Text(nl="Idempotency-Key hergebruikt", en="Idempotency-Key reused")
    status = 422

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Deze Idempotency-Key hoort bij een ander verzoek; gebruik een nieuwe.",
                en="This Idempotency-Key belongs to another request; use a new one.",
            )
        )


class TooManyRequestsError(ApiError):
    """Over the rate limit."""

    slug = "too-many-requests"
    title = Text(nl="Te veel verzoeken", en="Too many requests")
    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            Text(
                nl=f"Te veel verzoeken; probeer het over {retry_after} seconden opnieuw.",
                en=f"Too many requests; try again in {retry_after} seconds.",
            ),
            headers={"Retry-After": str(retry_after)},
        )


class UnavailableError(ApiError):
    """A part that the service needs is not there now."""

    slug = "unavailable"
    title = Text(nl="Tijdelijk niet beschikbaar", en="Temporarily unavailable")
    status = 503

    def __init__(self, detail: Text | None = None, *, retry_after: int = 5, **members: Any) -> None:
        super().__init__(
            detail
            or Text(
                nl="De database is nu niet bereikbaar; er is niets gewijzigd. Probeer het zo opnieuw.",
                en="The database cannot be reached now; nothing was changed. Try again shortly.",
            ),
            headers={"Retry-After": str(retry_after)},
            **members,
        )


class OverloadedError(ApiError):
    """More is asked than can be done at once; what is under way goes on."""

    slug = "overloaded"
    title = Text(nl="Te druk", en="Overloaded")
    status = 503

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Er wordt nu te veel tegelijk gevraagd; er is niets gewijzigd. Probeer het zo opnieuw.",
                en="Too much is asked at once; nothing was changed. Try again shortly.",
            ),
            headers={"Retry-After": "2"},
        )


class LockedError(UnavailableError):
    """Somebody else is changing what this needs, and takes long."""

    slug = "locked"
    title = Text(nl="Bezet", en="Locked")

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Een ander is bezig met wat dit verzoek nodig heeft, en dat duurt; er is niets gewijzigd. "
                "Probeer het zo opnieuw.",
                en="Somebody else is busy with what this request needs, and that takes long; nothing was changed. "
                "Try again shortly.",
            ),
            retry_after=2,
        )


class TooLongError(UnavailableError):
    """The database took longer over a statement than it may."""

    slug = "took-too-long"
    title = Text(nl="Duurde te lang", en="Took too long")

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="De database deed hier te lang over; er is niets gewijzigd. Vraag minder tegelijk, of probeer het "
                "later opnieuw.",
                en="The database took too long over this; nothing was changed. Ask for less at once, or try again "
                "later.",
            )
        )
