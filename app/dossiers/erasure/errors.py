"""What can go wrong with erasing a dossier."""

from app.domain.language import Text
from app.kit.errors import ConflictError


class StillOpenError(ConflictError):
    """A dossier is erased only when its request is closed, which tells the other parties and ends what is open."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Deze hulpvraag is niet gesloten; sluit haar eerst (status closed), dat zegt het de anderen aan.",
                en="This request is not closed; close it first (status closed), which tells the other parties.",
            )
        )
