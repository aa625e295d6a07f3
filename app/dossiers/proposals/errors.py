"""What can go wrong with a proposal."""

from app.domain.language import Text
from app.kit.errors import ConflictError, InputError


class NotMadeError(ConflictError):
    """A proposal that is not made yet, or of which the making failed."""

    slug = "not-made"
    title = Text(nl="Nog niet gemaakt", en="Not made yet")

    def __init__(self, status: str) -> None:
        super().__init__(
            Text(
                nl=f"Dit voorstel is er nog niet (status {status}); vraag het voorstel zelf op tot de status done is.",
                en=f"This proposal is not made (status {status}); ask for the proposal until its status is done.",
            )
        )


class CaseErasedError(ConflictError):
    """A proposal whose case is no longer kept."""

    slug = "case-erased"
    title = Text(nl="Dossier gewist", en="Dossier erased")

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Een dossier uit dit voorstel is gewist, en daarmee het geval waarvan het is gemaakt. De regels van "
                "de andere kinderen zijn er nog.",
                en="A dossier of this proposal was erased, and with it the case that it was made of. The lines of the "
                "other children are still there.",
            )
        )


class TooManyProposalsError(ConflictError):
    """More proposals wait to be made than one region may have waiting."""

    slug = "too-many-proposals"
    title = Text(nl="Te veel voorstellen tegelijk", en="Too many proposals at once")

    def __init__(self, most: int) -> None:
        super().__init__(
            Text(
                nl=f"Er wachten al {most} voorstellen van u; wacht tot er een klaar is.",
                en=f"{most} proposals of yours wait already; wait until one is done.",
            )
        )


def not_waiting(pointer: str) -> InputError:
    """The error for a request that is not among the children that wait and that the caller may see."""
    text = Text(
        nl="Deze hulpvraag is niet van een kind van u dat nog op een plek wacht.",
        en="This request is not of a child of yours that still waits for a place.",
    )
    return InputError(pointer, "not-waiting", text)
