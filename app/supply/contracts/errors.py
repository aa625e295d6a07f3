"""What can go wrong with contracts."""

from app.domain.language import Text
from app.kit.errors import ConflictError


class WithdrawnContractError(ConflictError):
    """A contract that was withdrawn does not change."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Dit contract is ingetrokken als ten onrechte geregistreerd; registreer een nieuw.",
                en="This contract was withdrawn as registered in error; register a new one.",
            )
        )
