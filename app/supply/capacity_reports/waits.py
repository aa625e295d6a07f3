"""The columns of waits: each name says whether it counts days or weeks, or it is not read.

Providers count the same wait in either: the Nederlandse Zorgautoriteit's own lists have weeks, reports here have days.
A column that leaves the unit to be guessed is refused, with the names to choose from.
"""

from itertools import product
from typing import Final, Literal, NamedTuple

from app.domain.language import Text

Unit = Literal["days", "weeks"]

_UNITS: Final[dict[str, Unit]] = {
    **dict.fromkeys(("dagen", "days", "dgn", "dag", "day"), "days"),
    **dict.fromkeys(("weken", "weeks", "week", "wkn", "wk"), "weeks"),
}
_WAITS: Final = ("wachttijden", "wachttijd", "wachtduur", "wacht", "waitingtime", "waittime", "waiting", "wait")
_ENDS: Final = {
    "waitDaysIntake": (
        *("intake", "totintake", "aanmelding", "toteerstegesprek"),
        *("tointake", "untilintake", "tillintake"),
    ),
    "waitDaysTreatment": (
        *("behandeling", "totbehandeling", "hulp", "tothulp", "toteerstehulp", "totstarthulp"),
        *("treatment", "totreatment", "untiltreatment", "tilltreatment"),
    ),
}
"""Up to what each wait lasts."""
_WHOLE: Final = {
    "waitDaysIntake": ("aanmeldwachttijd", "aanmeldingswachttijd", "aanmeldwachttijden", "intakewachttijd"),
    "waitDaysTreatment": ("behandelwachttijd", "behandelingswachttijd", "behandelwachttijden"),
}
_NAMES: Final = {
    **{wait + end: field for field, ends in _ENDS.items() for wait, end in product(_WAITS, ends)},
    **{name: field for field, names in _WHOLE.items() for name in names},
}
"""What a wait is called, its unit aside."""
_CHOICES: Final = {
    "waitDaysIntake": Text(nl="wachtdagenIntake of wachtwekenIntake", en="waitDaysIntake or waitWeeksIntake"),
    "waitDaysTreatment": Text(
        nl="wachtdagenBehandeling of wachtwekenBehandeling", en="waitDaysTreatment or waitWeeksTreatment"
    ),
}


class Wait(NamedTuple):
    """The field of a wait, and in what its column counts; None where the name does not say."""

    field: str
    unit: Unit | None


def wait_of(name: str) -> Wait | None:
    """The wait in a column of this name, without spaces, marks and capitals; None where there is none in it.

    >>> wait_of("wachttijdtotintakeinweken")
    Wait(field='waitDaysIntake', unit='weeks')
    >>> wait_of("aanmeldwachttijd")
    Wait(field='waitDaysIntake', unit=None)
    """
    if name in _NAMES:
        return Wait(_NAMES[name], None)
    for word, unit in _UNITS.items():
        for written in (f"in{word}", word):
            field = _NAMES.get(name.replace(written, "", 1)) if written in name else None
            if field is not None:
                return Wait(field, unit)
    return None


def names_with_unit(field: str) -> Text:
    """What to call a column of this wait that names no unit."""
    return Text(
        nl="Staan hier dagen of weken? Noem de kolom {names}.", en="Are these days or weeks? Call the column {names}."
    ).format(names=_CHOICES[field])
