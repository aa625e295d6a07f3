"""What of the app each role has in its navigation: four pages at most, the first of which is where it begins."""

from typing import Final, NamedTuple

from app.kit.security.callers import Role


class Item(NamedTuple):
    """A link in the navigation."""

    path: str
    label: str


START: Final = Item("/", "Start")
FREE_PLACES: Final = Item("/vrije-plekken", "Vrije plekken")
_FITTING: Final = Item("/passend", "Passend")
_CHILDREN: Final = Item("/jeugdigen", "Jeugdigen")
_OVERVIEW: Final = Item("/overzicht", "Overzicht")

_ALL: Final = (START, FREE_PLACES)
_OF_ROLE: Final = {
    Role.GI: (START, FREE_PLACES, _FITTING, _CHILDREN),
    Role.LOCAL_TEAM: (START, FREE_PLACES, _FITTING, _CHILDREN),
    Role.REFERRER: (START, FREE_PLACES, _FITTING),
    Role.PROVIDER: (
        Item("/mijn-aanbod", "Mijn aanbod"),
        Item("/aanmeldingen", "Aanmeldingen"),
        Item("/oproepen", "Oproepen"),
        FREE_PLACES,
    ),
    Role.REGION: (_OVERVIEW, FREE_PLACES),
    Role.SUPRAREGION: (_OVERVIEW, FREE_PLACES),
    Role.NATIONAL: (_OVERVIEW, FREE_PLACES),
    Role.INSPECTORATE: (_OVERVIEW, FREE_PLACES),
}


def items_for(role: Role | None) -> tuple[Item, ...]:
    """The navigation of a role; None for who has not signed in."""
    return _ALL if role is None else _OF_ROLE.get(role, _ALL)
