"""What can go wrong with capacity."""

from app.domain.language import Text
from app.kit.errors import ConflictError


class NoPlaceError(ConflictError):
    """More places are asked than are free."""

    slug = "no-place"
    title = Text(nl="Geen plek vrij", en="No place free")
