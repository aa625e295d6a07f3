"""What can go wrong with what a region or supraregion keeps."""

from app.domain.language import Text
from app.kit.errors import ConflictError


class WithdrawnError(ConflictError):
    """What was withdrawn does not change."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Dit is ingetrokken en verandert niet meer; leg het opnieuw vast als het toch geldt.",
                en="This was withdrawn and changes no more; state it anew where it holds after all.",
            )
        )
