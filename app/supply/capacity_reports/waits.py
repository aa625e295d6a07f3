"""The columns of waits: each name says whether it counts days or weeks, or it is not read.

Providers count the same wait in either: the Nederlandse Zorgautoriteit's own lists have weeks, reports here have days.
A column that leaves the unit to be guessed is refused, with the names to choose from.
"""

import re
from itertools import product
from typing import Final, Literal, NamedTuple

from app.domain.language import Text

Unit = Literal["days", "weeks"]

_UNITS: Final[dict[str, Unit]] = {
    **dict.fromkeys(("kalenderdagen", "calendardays", "dagen", "days", "dgn", "dag", "day"), "days"),
    **dict.fromkeys(("weken", "weeks", "week", "wkn", "wk"), "weeks"),
}
_WAITS: Final = ("wachttijden", "wachttijd", "wachtduur", "wacht", "waitingtime", "waittime", "waiting", "wait")
_ENDS: Final = {
    "waitDaysIntake": (
        *("intake", "totintake", "voorintake", "aanmelding", "toteerstegesprek", "aanmeldingintake"),
        *("tointake", "untilintake", "tillintake"),
    ),
    "waitDaysTreatment": (
        *("behandeling", "totbehandeling", "voorbehandeling", "startbehandeling", "totstartbehandeling"),
        *("hulp", "tothulp", "toteerstehulp", "starthulp", "totstarthulp", "intakebehandeling"),
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


_KINDS: Final = {
    "waitDaysIntake": re.compile("intake|aanmeld|eerste ?gesprek", re.IGNORECASE),
    "waitDaysTreatment": re.compile("behandel|hulp|treatment", re.IGNORECASE),
}
"""Words that say which wait it is, whatever else a name says."""
_OTHER_UNIT: Final = re.compile(
    r"maand|mnd|month|kwarta|quarter|\bja(?:ar|ren)\b|year|\bu(?:ur|ren)\b|hour|werk.?da?gen|work.?ing.?day|work.?day"
    r"|business.?day",
    re.IGNORECASE,
)
_READ: Final = Text(
    nl="Wachttijden worden in kalenderdagen of weken gelezen, in niets anders; reken ze om, en noem de kolom {names}.",
    en="Waits are read in calendar days or weeks and in nothing else; convert them, and call the column {names}.",
)
_ANY: Final = re.compile("wacht|wait", re.IGNORECASE)
_WHICH: Final = Text(
    nl="Is dit de wacht tot de intake of die tot de behandeling, en in dagen of weken? Noem de kolom {intake}, of "
    "{treatment}.",
    en="Is this the wait to intake or that to treatment, and in days or weeks? Call the column {intake}, or "
    "{treatment}.",
).format(intake=_CHOICES["waitDaysIntake"], treatment=_CHOICES["waitDaysTreatment"])


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


def clear_names(name: str, wait: Wait | None) -> Text | None:
    """What to call a column of this name instead, where it is of a `wait` without a unit, or of one that is not known;
    None where it is of no wait at all."""
    if wait is None and not _ANY.search(name):
        return None
    kinds = [field for field, words in _KINDS.items() if words.search(name)] if wait is None else [wait.field]
    if len(kinds) != 1:
        return _WHICH
    question = Text(
        nl="Staan hier dagen of weken? Noem de kolom {names}.", en="Are these days or weeks? Call the column {names}."
    )
    return (_READ if _OTHER_UNIT.search(name) else question).format(names=_CHOICES[kinds[0]])
