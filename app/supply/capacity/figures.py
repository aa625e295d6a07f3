"""The rules of a report's figures: what does not add up, what would be lost unsaid, and what may not be meant. Pure.

Figures go by their Python names: `places_free` and so on, each with its value or None.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from app.domain.language import Text, date_in_words, decimal_in_words

Figures = Mapping[str, Any]
HintCode = Literal["waiting-first", "next-free-passed"]

UNKNOWN: Final[Figures] = {
    "places_total": None,
    "places_occupied": None,
    "places_reserved": None,
    "places_free": None,
    "waiting_count": None,
    "next_free_on": None,
    "wait_days_intake": None,
    "wait_days_treatment": None,
    "accepts_referrals": True,
    "note": None,
}
"""What is so where a report says nothing; no report is whole without `places_free`."""

PLACES: Final = ("places_total", "places_occupied", "places_reserved", "places_free")
"""The figures that count places, or hours a week."""

NOT_WHOLE: Final = Text(
    nl="Hier hoort een geheel getal; alleen uren per week (unit hours-per-week) kunnen halven hebben.",
    en="This should be a whole number; only hours a week (unit hours-per-week) can have halves.",
)
NEVER_EMPTY: Final = Text(
    nl="Dit kan niet leeg zijn: laat het weg om te laten staan wat er stond, of vul het in.",
    en="This cannot be empty: leave it out to keep what stood, or fill it in.",
)
_NO_PLACES_FREE: Final = Text(
    nl="De eerste melding van een aanbod zegt hoeveel er vrij is; 0 als er niets vrij is.",
    en="The first report of an offer says how many are free; 0 where none are.",
)


_WAITING_FIRST: Final = Text(
    nl="Wie wacht gaat voor: er wachten er minstens zoveel als er vrij zijn, dus dit telt niet als vrij. Is er toch "
    "plek voor een nieuw kind, tel dan niet mee wie al een plek heeft of niet kan komen.",
    en="Who waits comes first: at least as many wait as are free, so this does not count as free. If there is room "
    "for a new child all the same, leave out who has a place already or cannot come.",
)


class Wrong(NamedTuple):
    """What is wrong with a figure, by its Python name."""

    name: str
    code: str
    detail: Text


def over_total(figures: Figures) -> Text | None:
    """What is wrong where more is occupied, reserved and free than there is; None where it adds up."""
    total = figures.get("places_total")
    taken = sum(figures.get(name) or 0 for name in PLACES[1:])
    if total is None or taken <= total:
        return None
    return Text(
        nl="Bezet + gereserveerd + vrij is {taken}, meer dan het totaal van {total}.",
        en="Occupied + reserved + free is {taken}, more than the total of {total}.",
    ).format(taken=decimal_in_words(taken), total=decimal_in_words(total))


class Changed(NamedTuple):
    """What a report says with what it kept of the one before, and whether that is the same; `kept` did not change."""

    figures: Figures
    kept: Figures
    is_same: bool


def changed_by(named: Figures, before: Figures | None) -> Changed:
    """A report that changes what it names of the one before; None where there is none."""
    if before is None:
        return Changed({**UNKNOWN, **named}, {}, is_same=False)
    kept = {name: value for name, value in before.items() if named.get(name, value) == value}
    return Changed({**before, **named}, kept, is_same=len(kept) == len(before))


def check(figures: Figures, kept: Figures, day: date) -> Iterator[Wrong]:
    """What is wrong with the figures of a report of that Dutch day; `kept` are those that stood so already."""
    if figures["places_free"] is None:
        yield Wrong("places_free", "missing", _NO_PLACES_FREE)
        return
    text = over_total(figures)
    if text is not None:
        yield Wrong("places_free", "over-total", text if not kept else _kept(text, kept))
    if _has_passed(figures, day) and "next_free_on" not in kept:
        yield Wrong("next_free_on", "before-report", _passed(figures["next_free_on"]))


def has_half(figures: Figures, name: str) -> bool:
    """Whether a figure that counts places has a fraction, which only hours a week can have."""
    return figures[name] is not None and not float(figures[name]).is_integer()


def not_whole(figures: Figures) -> Iterator[Wrong]:
    """What has a fraction, where the offer does not count hours a week."""
    yield from (Wrong(name, "type", NOT_WHOLE) for name in PLACES if has_half(figures, name))


def _kept(text: Text, kept: Figures) -> Text:
    """The text, with which of these figures stood already and were not named."""
    names = {
        "places_total": Text(nl="totaal", en="total"),
        "places_occupied": Text(nl="bezet", en="occupied"),
        "places_reserved": Text(nl="gereserveerd", en="reserved"),
        "places_free": Text(nl="vrij", en="free"),
    }
    standing = [
        Text(nl="{name} {number}", en="{name} {number}").format(name=word, number=decimal_in_words(kept[name]))
        for name, word in names.items()
        if kept.get(name) is not None
    ]
    if not standing:
        return text
    return Text(nl="{text} Er stond al: {kept}.", en="{text} What stood already: {kept}.").format(
        text=text, kept=Text(nl=", ".join(each.nl for each in standing), en=", ".join(each.en for each in standing))
    )


def _has_passed(figures: Figures, day: date) -> bool:
    """Whether nothing is free and the date on which something comes free lies before the report."""
    following = figures["next_free_on"]
    return following is not None and following < day and not figures["places_free"]


def _passed(day: date) -> Text:
    return Text(
        nl="{day} ligt vóór deze melding, terwijl er niets vrij is; geef een latere datum, of laat die leeg.",
        en="{day} lies before this report, while nothing is free; give a later date, or leave it empty.",
    ).format(day=date_in_words(day))


def lost_unsaid(*, closed: bool, waiting: int | None) -> Iterator[Wrong]:
    """What is wrong with a whole report that does not name the closed intake, or how many wait, that stand now."""
    if closed:
        text = Text(
            nl="Het aanbod neemt nu geen verwijzingen aan en deze melding zegt er niets over; zeg dat dat zo "
            "blijft of verandert (acceptsReferrals false of true), of meld alleen wat verandert (PATCH).",
            en="The offer takes no referrals now, and this report does not say; give acceptsReferrals false to "
            "keep it so or true to open it, or report with PATCH what changes alone.",
        )
        yield Wrong("accepts_referrals", "left-out", text)
    if waiting:
        text = Text(
            nl=f"Er staan nu {waiting} wachtenden en deze melding zegt er niets over; zeg hoeveel het er zijn, "
            "of dat het onbekend is (waitingCount, null), of meld alleen wat verandert (PATCH).",
            en=f"Now {waiting} are waiting, and this report does not say; give waitingCount a number, or null "
            "where it is not known, or report with PATCH what changes alone.",
        )
        yield Wrong("waiting_count", "left-out", text)


def hints(figures: Figures, day: date) -> list[tuple[HintCode, Text]]:
    """What the sender of a report of that Dutch day may not have meant by its figures."""
    found: list[tuple[HintCode, Text]] = []
    free, waiting = figures["places_free"], figures["waiting_count"] or 0
    if 0 < free <= waiting and not _at_once(figures):
        found.append(("waiting-first", _WAITING_FIRST))
    if _has_passed(figures, day):
        text = Text(
            nl="Er is niets vrij en de datum waarop er iets vrij zou komen ({day}) is voorbij; geef een nieuwe, of "
            "maak die leeg.",
            en="Nothing is free, and the date on which something would come free ({day}) has passed; give a "
            "new one, or empty it.",
        )
        found.append(("next-free-passed", text.format(day=date_in_words(figures["next_free_on"]))))
    return found


def _at_once(figures: Figures) -> bool:
    """Whether it says a wait of 0 days."""
    waits = [figures["wait_days_intake"], figures["wait_days_treatment"]]
    return waits != [None, None] and not any(waits)
