"""What can go wrong with settings of mail."""

from app.domain.language import Text
from app.kit.errors import ConflictError


class NoAddressError(ConflictError):
    """A mail is asked for that has nowhere to go."""

    slug = "no-mail-address"
    title = Text(nl="Geen mailadres", en="No mail address")

    def __init__(self, where: str) -> None:
        super().__init__(
            Text(
                nl=f"Er is nog geen mailadres waar dit heen kan; geef dat eerst: {where}.",
                en=f"There is no address yet that this can go to; give it first: {where}.",
            )
        )
