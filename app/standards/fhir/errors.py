"""What can go wrong with a FHIR request beside the rest."""

from app.domain.language import Text
from app.kit.errors import ApiError


class NotAcceptableError(ApiError):
    """The caller takes only formats that are not given."""

    slug = "not-acceptable"
    title = Text(nl="Formaat niet beschikbaar", en="Format not available")
    status = 406

    def __init__(self, given: str) -> None:
        super().__init__(
            Text(
                nl=f"Dit is er alleen als {given}; pas Accept of _format aan.",
                en=f"This is given only as {given}; change Accept or _format.",
            )
        )
