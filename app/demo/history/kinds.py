"""What children of the past asked for: which help by age, what could stand in for it, and how long it lasts."""

from dataclasses import dataclass
from typing import Final

from app.reference.lists import reference


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of need: for children of which `ages` when it is asked, and how many in a hundred there are.

    `choices` are the care types in the order of preference, `stand_ins` what may come in their place, `bridges` what
    may bridge the wait. Help lasts between the two `days`; the wait for it is `wait` times what is usual. `measures`
    are those that such a child may have, of whoever is no local team.
    """

    share: int
    ages: tuple[int, int]
    choices: tuple[str, ...]
    stand_ins: tuple[str, ...]
    bridges: tuple[str, ...]
    days: tuple[int, int]
    wait: float
    measures: tuple[str, ...] = ("11", "11", "11", "11", "12", "21", "21", "22")

    @property
    def is_secure(self) -> bool:
        """Whether the first choice is secure care, which a judge authorises."""
        return reference().care_types[self.choices[0]].needs_court_authorisation

    @property
    def is_residential(self) -> bool:
        """Whether the first choice is a place to stay."""
        return reference().care_types[self.choices[0]].residential


_PROBATION: Final = ("41", "41", "42", "11", "62")

KINDS: Final = (
    Kind(
        share=18,
        ages=(0, 11),
        choices=("pleegzorg-voltijd", "gezinshuis", "pleegzorg-behandeling"),
        stand_ins=("pleegzorg-deeltijd",),
        bridges=("crisispleegzorg", "logeren"),
        days=(240, 800),
        wait=1.0,
    ),
    Kind(
        share=16,
        ages=(4, 14),
        choices=("gezinshuis", "kleinschalige-woonvorm", "pleegzorg-behandeling"),
        stand_ins=("verblijf-groep", "crisis-gezinshuis"),
        bridges=("logeren", "crisis-gezinshuis"),
        days=(220, 700),
        wait=1.3,
    ),
    Kind(
        share=14,
        ages=(10, 16),
        choices=("kleinschalige-woonvorm", "verblijf-behandelgroep", "verblijf-groep"),
        stand_ins=("driemilieuvoorziening", "gezinshuis"),
        bridges=("crisisopvang", "ambulante-begeleiding"),
        days=(150, 480),
        wait=1.3,
    ),
    Kind(
        share=10,
        ages=(13, 16),
        choices=("jeugdzorgplus", "jeugdzorgplus-alternatief", "verblijf-behandelgroep"),
        stand_ins=("driemilieuvoorziening",),
        bridges=("crisisopvang",),
        days=(90, 320),
        wait=0.45,
        measures=("11", "11", "21", "12"),
    ),
    Kind(
        share=6,
        ages=(16, 17),
        choices=("begeleid-wonen-16plus", "kleinschalige-woonvorm"),
        stand_ins=("ambulante-begeleiding",),
        bridges=("ambulante-begeleiding",),
        days=(150, 420),
        wait=1.1,
        measures=("11", "41", "21"),
    ),
    Kind(
        share=4,
        ages=(0, 3),
        choices=("ouder-kindvoorziening", "gezinsopname", "pleegzorg-voltijd"),
        stand_ins=("crisispleegzorg",),
        bridges=("ambulante-spoedhulp",),
        days=(120, 300),
        wait=0.8,
    ),
    Kind(
        share=12,
        ages=(1, 16),
        choices=("intensieve-ambulante-gezinsbehandeling", "ambulante-begeleiding", "systeemtherapie"),
        stand_ins=("opvoedondersteuning",),
        bridges=("ambulante-spoedhulp",),
        days=(120, 280),
        wait=0.7,
    ),
    Kind(
        share=10,
        ages=(6, 17),
        choices=("jeugd-ggz-specialistisch", "traumabehandeling", "systeemtherapie"),
        stand_ins=("ambulante-behandeling",),
        bridges=("ambulante-begeleiding",),
        days=(150, 330),
        wait=1.2,
    ),
    Kind(
        share=6,
        ages=(12, 17),
        choices=("forensische-jeugdhulp", "ambulante-behandeling", "verslavingszorg"),
        stand_ins=("ambulante-begeleiding",),
        bridges=("ambulante-begeleiding",),
        days=(120, 260),
        wait=0.8,
        measures=_PROBATION,
    ),
    Kind(
        share=4,
        ages=(3, 14),
        choices=("complexe-scheiding", "begeleide-omgang"),
        stand_ins=("opvoedondersteuning",),
        bridges=(),
        days=(120, 260),
        wait=0.8,
    ),
)
"""From those who need a family to those who need help at home."""

NEXT_PLACES: Final = ("kleinschalige-woonvorm", "gezinshuis", "begeleid-wonen-16plus", "verblijf-behandelgroep")
"""Where a child goes from a stay that is over."""
