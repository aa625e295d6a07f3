"""What can go wrong with a share."""

from app.domain.language import Text
from app.kit.errors import InputError

WHAT = Text(nl="Deze deling", en="This share")


def not_a_local_team(pointer: str) -> InputError:
    """The error for an organisation that a request cannot be shared with."""
    text = Text(
        nl="Dit is geen lokaal team dat hier bekend is; delen kan alleen met een lokaal team.",
        en="This is no local team that is known here; a request is shared with local teams only.",
    )
    return InputError(pointer, "not-a-local-team", text)


def own_request(pointer: str) -> InputError:
    """The error for sharing a request with those whose it is."""
    text = Text(nl="De hulpvraag is van dit team zelf.", en="The request is this team's own.")
    return InputError(pointer, "own-request", text)
