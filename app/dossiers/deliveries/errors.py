"""What can go wrong with a line of a delivery, or with a delivery as a whole."""

from datetime import date

from app.domain.language import Text, date_in_words
from app.kit.errors import ConflictError, InputError


class HandedOverError(ConflictError):
    """The dossier of this child is another institution's now."""

    slug = "handed-over"
    title = Text(nl="Dossier overgedragen", en="Dossier handed over")

    def __init__(self, receiver: str, on: date) -> None:
        text = Text(
            nl="Dit dossier is op {day} overgedragen aan {receiver}; haal de regel weg. Wacht het kind opnieuw bij u, "
            "leg dan eerst een nieuwe hulpvraag vast (POST /v1/requests).",
            en="This dossier was handed over to {receiver} on {day}; take the line out. Where the child waits with you "
            "again, make a new request first (POST /v1/requests).",
        )
        super().__init__(text.format(day=date_in_words(on), receiver=receiver))


def repeated(pointer: str, lines: list[int]) -> InputError:
    """The error for a child that several lines are about."""
    listed = ", ".join(map(str, lines))
    text = Text(
        nl=f"Dit kenmerk staat op meer regels ({listed}); laat er één staan. Geen van deze regels is verwerkt.",
        en=f"This reference is on several lines ({listed}); leave one of them. None of these lines was taken in.",
    )
    return InputError(pointer, "repeated", text)


def unreadable_key(pointer: str) -> InputError:
    """The error for a line that does not say which child it is about, where what is missing would be closed."""
    text = Text(
        nl="Van deze regel is niet te lezen over welk kind zij gaat; met endMissing zou dat kind worden gesloten. "
        "Herstel de regel; er is niets verwerkt.",
        en="It cannot be read which child this line is about; with endMissing that child would be closed. Mend the "
        "line; nothing was taken in.",
    )
    return InputError(pointer, "unreadable-reference", text)


def missing(pointer: str) -> InputError:
    """The error for what a child of which there is no request yet needs."""
    text = Text(
        nl="Dit kind is nieuw, en dan is dit veld verplicht.",
        en="This child is new, and then this field is required.",
    )
    return InputError(pointer, "missing", text)


def gap(pointer: str) -> InputError:
    """The error for a choice that is not there before one that is."""
    text = Text(
        nl="Er is een latere keus, maar deze niet; schuif de keuzes op.",
        en="There is a later choice, but not this one; move the choices up.",
    )
    return InputError(pointer, "order", text)


def incomplete_measure(pointer: str) -> InputError:
    """The error for a measure of which the type or the day is missing, or that has other days without these."""
    text = Text(
        nl="Geef de soort maatregel (measureType) en de dag van de uitspraak (measureImposedOn) samen.",
        en="Give the kind of measure (measureType) and the day on which it was imposed (measureImposedOn) together.",
    )
    return InputError(pointer, "incomplete", text)
