"""What can go wrong with capacity."""

from app.kit.errors import ConflictError


class NoPlaceError(ConflictError):
    """More places are asked than are free."""

    slug = "no-place"
