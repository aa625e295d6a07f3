"""What can go wrong with a request."""

from app.domain.language import Text
from app.kit.errors import ConflictError, InputError

_BEFORE_MEASURE = Text(
    nl="Een mijlpaal ligt vóór de dag waarop de maatregel werd uitgesproken.",
    en="A milestone lies before the day on which the measure was imposed.",
)


class ReferenceTakenError(ConflictError):
    """The organisation has a request with this child reference."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Er is al een hulpvraag met dit kenmerk (childReference); wijzig die, of kies een ander kenmerk.",
                en="There is a request with this reference (childReference) already; change that, or choose another.",
            )
        )


class ClosedError(ConflictError):
    """A closed request does not change."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Deze hulpvraag is gesloten; open haar eerst weer (status open).",
                en="This request is closed; open it again first (status open).",
            )
        )


class NotClosedError(ConflictError):
    """Only a closed request is opened again; how far an open one is follows from what happens."""

    def __init__(self, status: str) -> None:
        text = Text(
            nl="Deze hulpvraag is niet gesloten ({status}); de stand volgt uit wat er gebeurt. Nam iemand een verkeerd "
            "besluit, corrigeer dat (POST /v1/referrals/…/corrections).",
            en="This request is not closed ({status}); status follows from what happens. Where a decision was wrong, "
            "correct that (POST /v1/referrals/…/corrections).",
        )
        super().__init__(text.format(status=status))


class NotHelpedError(ConflictError):
    """Without help there is nothing to judge, and nothing that could be needed again."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Voor deze hulpvraag is nog geen hulp gestart.",
                en="No help has started for this request yet.",
            )
        )


class InTimeError(ConflictError):
    """A clock that has not passed its norm needs no explanation."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Deze klok bestaat hier niet of is niet over de norm; er valt niets te verklaren.",
                en="There is no such clock here, or it is within its norm; there is nothing to explain.",
            )
        )


def before_measure(pointer: str) -> InputError:
    """The error for a milestone and a measure that are the wrong way round."""
    return InputError(pointer, "order", _BEFORE_MEASURE)


def before_imposed(pointer: str) -> InputError:
    """The error for a day of a measure that lies before the day on which it was imposed."""
    text = Text(
        nl="Deze dag ligt vóór de dag waarop de maatregel werd uitgesproken (imposedOn).",
        en="This day lies before the day on which the measure was imposed (imposedOn).",
    )
    return InputError(pointer, "order", text)


def closed_before_asked(pointer: str) -> InputError:
    """The error for a request that would have been closed before help was asked for."""
    text = Text(
        nl="Deze dag ligt vóór de dag van de hulpvraag (requestedOn).",
        en="This day lies before the day on which help was asked for (requestedOn).",
    )
    return InputError(pointer, "order", text)


def without_authorisation(pointer: str) -> InputError:
    """The error for an end of a court authorisation that there is not."""
    text = Text(
        nl="Er is geen machtiging (courtAuthorisation); zonder machtiging heeft zij geen einde.",
        en="There is no authorisation (courtAuthorisation), so it has no end.",
    )
    return InputError(pointer, "goes-with-authorisation", text)
