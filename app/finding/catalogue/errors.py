"""What can go wrong with the catalogue."""

from app.domain.language import Text
from app.kit.errors import UnavailableError


class CatalogueMissingError(UnavailableError):
    """It was never loaded yet."""

    slug = "not-ready"
    title = Text(nl="Niet gereed", en="Not ready")

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="De catalogus is nog niet geladen; probeer het zo opnieuw.",
                en="The catalogue is not loaded yet; try again shortly.",
            ),
            check="catalogue",
        )


class CatalogueStaleError(UnavailableError):
    """The database is not heard of; answers are as old as that."""

    slug = "not-ready"
    title = Text(nl="Niet gereed", en="Not ready")

    def __init__(self, seconds: int) -> None:
        super().__init__(
            Text(
                nl=f"De catalogus is {seconds} seconden oud: de database geeft geen wijzigingen door.",
                en=f"The catalogue is {seconds} seconds old: the database tells of no changes.",
            ),
            check="catalogue",
        )
