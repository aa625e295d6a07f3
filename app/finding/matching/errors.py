"""What can be wrong with what is asked for a child, beyond its form."""

from typing import Final

from app.domain.language import Text
from app.kit.errors import InputError

_FUTURE: Final = Text(nl="Deze dag ligt in de toekomst.", en="This day lies in the future.")
_OFFER: Final = Text(
    nl="Dit aanbod bestaat niet of wordt niet meer gegeven.", en="There is no such offer, or it is no longer given."
)


def in_future(pointer: str) -> InputError:
    """The error for a day that has not come."""
    return InputError(pointer, "in-future", _FUTURE)


def unknown_offer(pointer: str) -> InputError:
    """The error for a choice of an offer that does not exist."""
    return InputError(pointer, "unknown-offer", _OFFER)


def unknown_provider(pointer: str) -> InputError:
    """The error for a choice of a provider that does not exist."""
    return InputError(pointer, "unknown-provider", Text(nl="Deze aanbieder bestaat niet.", en="No such provider."))
