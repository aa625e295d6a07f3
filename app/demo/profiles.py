"""What is usual for each care type in the demo data: ages, unit, size, and for whom it is and is not."""

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Profile:
    """Usual values: `ages` to pick from, `places` from and to, `at_home` as a share of the offers."""

    ages: tuple[tuple[int, int], ...]
    unit: str
    places: tuple[int, int]
    at_home: float
    specialisations: tuple[str, ...]
    exclusions: tuple[str, ...]
    one_gender: float = 0.0


_FAMILY = Profile(
    ages=((0, 18), (0, 12), (4, 18), (0, 23)),
    unit="trajectories",
    places=(20, 60),
    at_home=0.9,
    specialisations=("lvb", "adhd", "ass", "hechting", "trauma", "cultuursensitief", "netwerkgericht"),
    exclusions=("agressie-ernstig", "verslaving-actief", "psychose"),
)
_YOUTH = Profile(
    ages=((4, 18), (6, 18), (12, 18), (6, 23)),
    unit="trajectories",
    places=(15, 50),
    at_home=0.4,
    specialisations=(
        "lvb",
        "adhd",
        "ass",
        "agressie",
        "trauma",
        "hechting",
        "netwerkgericht",
        "cultuursensitief",
    ),
    exclusions=("verslaving-actief", "psychose", "suicidaliteit-acuut", "iq-onder-50"),
)
_CLINIC = Profile(
    ages=((4, 18), (6, 18), (12, 18), (12, 23)),
    unit="trajectories",
    places=(25, 90),
    at_home=0.0,
    specialisations=("ass", "adhd", "trauma", "psychiatrie", "eetstoornis", "suicidaliteit", "hechting"),
    exclusions=("iq-onder-70", "verslaving-actief", "suicidaliteit-acuut", "psychose"),
)
_DAY = Profile(
    ages=((2, 7), (4, 12), (6, 18), (12, 18)),
    unit="places",
    places=(8, 24),
    at_home=0.0,
    specialisations=(
        "lvb",
        "vb",
        "ass",
        "adhd",
        "onderwijs-op-locatie",
        "lichamelijke-beperking",
        "medische-zorg",
    ),
    exclusions=("agressie-ernstig", "medisch-intensief", "iq-onder-50"),
)
_FOSTER = Profile(
    ages=((0, 18), (0, 12), (0, 21)),
    unit="places",
    places=(10, 40),
    at_home=0.0,
    specialisations=("hechting", "trauma", "broers-zussen", "netwerkgericht", "lvb", "cultuursensitief"),
    exclusions=("agressie-ernstig", "brandstichting", "verslaving-actief", "seksueel-grensoverschrijdend"),
)
_HOUSE = Profile(
    ages=((0, 18), (4, 18), (6, 18), (4, 12)),
    unit="places",
    places=(4, 6),
    at_home=0.0,
    specialisations=("hechting", "trauma", "lvb", "ass", "broers-zussen", "adhd"),
    exclusions=(
        "agressie-ernstig",
        "brandstichting",
        "verslaving-actief",
        "seksueel-grensoverschrijdend",
        "weglopen",
    ),
)
_GROUP = Profile(
    ages=((6, 12), (6, 18), (12, 18), (8, 18)),
    unit="places",
    places=(6, 12),
    at_home=0.0,
    specialisations=(
        "lvb",
        "trauma",
        "hechting",
        "agressie",
        "adhd",
        "ass",
        "onderwijs-op-locatie",
        "suicidaliteit",
    ),
    exclusions=(
        "agressie-ernstig",
        "brandstichting",
        "verslaving-actief",
        "suicidaliteit-acuut",
        "psychose",
        "geen-dagbesteding",
    ),
    one_gender=0.15,
)
_SECURE = Profile(
    ages=((12, 18), (10, 18), (12, 17)),
    unit="places",
    places=(8, 24),
    at_home=0.0,
    specialisations=(
        "agressie",
        "trauma",
        "mensenhandel",
        "suicidaliteit",
        "lvb",
        "forensisch",
        "onderwijs-op-locatie",
    ),
    exclusions=("iq-onder-50", "psychose", "medisch-intensief"),
    one_gender=0.3,
)
_PARENTS = Profile(
    ages=((0, 4), (0, 12), (0, 6)),
    unit="places",
    places=(4, 10),
    at_home=0.0,
    specialisations=("tienermoeder", "hechting", "lvb", "trauma"),
    exclusions=("verslaving-actief", "psychose", "agressie-ernstig"),
)

PROFILES: Final[dict[str, Profile]] = {
    "opvoedondersteuning": replace(_FAMILY, unit="hours-per-week", places=(40, 160)),
    "ambulante-begeleiding": replace(_YOUTH, unit="hours-per-week", places=(40, 200), at_home=0.8),
    "ambulante-behandeling": _YOUTH,
    "intensieve-ambulante-gezinsbehandeling": replace(_FAMILY, at_home=1.0, places=(10, 30)),
    "ambulante-spoedhulp": replace(_FAMILY, at_home=1.0, places=(5, 15), ages=((0, 18), (0, 23))),
    "systeemtherapie": replace(_YOUTH, ages=((0, 18), (4, 18), (0, 23)), places=(10, 30)),
    "jeugd-ggz-basis": _CLINIC,
    "jeugd-ggz-specialistisch": _CLINIC,
    "traumabehandeling": replace(_CLINIC, specialisations=("trauma", "hechting", "mensenhandel", "cultuursensitief")),
    "forensische-jeugdhulp": replace(
        _YOUTH,
        ages=((12, 18), (12, 23)),
        specialisations=("forensisch", "agressie", "seksueel-grensoverschrijdend", "lvb"),
        exclusions=("psychose",),
    ),
    "verslavingszorg": replace(
        _CLINIC,
        ages=((12, 18), (12, 23)),
        specialisations=("verslaving", "adhd", "trauma", "psychiatrie"),
        exclusions=("psychose", "iq-onder-70"),
    ),
    "complexe-scheiding": replace(_FAMILY, at_home=0.2, specialisations=("complexe-scheiding", "cultuursensitief")),
    "begeleide-omgang": replace(_FAMILY, at_home=0.3, specialisations=("complexe-scheiding", "hechting", "lvb")),
    "diagnostiek": replace(_CLINIC, ages=((0, 18), (4, 18), (2, 12)), exclusions=("psychose",)),
    "ouderschapsbeoordeling": replace(_PARENTS, unit="trajectories", places=(5, 15), ages=((0, 18), (0, 12))),
    "dagbehandeling": _DAY,
    "dagbesteding": replace(_DAY, ages=((6, 18), (12, 18), (12, 23))),
    "pleegzorg-voltijd": _FOSTER,
    "pleegzorg-deeltijd": _FOSTER,
    "pleegzorg-behandeling": replace(_FOSTER, places=(5, 20)),
    "crisispleegzorg": replace(_FOSTER, places=(4, 12), ages=((0, 18), (0, 12))),
    "gezinshuis": _HOUSE,
    "crisis-gezinshuis": replace(_HOUSE, ages=((0, 18), (0, 12)), places=(2, 4)),
    "logeren": replace(_HOUSE, places=(6, 12), specialisations=("ass", "vb", "lvb", "adhd", "lichamelijke-beperking")),
    "verblijf-groep": _GROUP,
    "verblijf-behandelgroep": _GROUP,
    "kleinschalige-woonvorm": replace(_GROUP, places=(4, 6), ages=((10, 18), (12, 18), (6, 18))),
    "driemilieuvoorziening": replace(_GROUP, places=(12, 30), ages=((8, 18), (12, 18))),
    "crisisopvang": replace(_GROUP, places=(4, 8), exclusions=("agressie-ernstig", "psychose")),
    "gezinsopname": replace(_PARENTS, ages=((0, 18), (0, 12))),
    "ouder-kindvoorziening": _PARENTS,
    "observatie": replace(_GROUP, ages=((0, 12), (6, 18)), specialisations=("psychiatrie", "lvb", "ass", "hechting")),
    "klinische-jeugdpsychiatrie": replace(_CLINIC, unit="places", places=(8, 16), exclusions=("iq-onder-70",)),
    "begeleid-wonen-16plus": replace(_GROUP, ages=((16, 18), (16, 23), (17, 23)), places=(6, 14)),
    "jeugdzorgplus": _SECURE,
    "jeugdzorgplus-alternatief": replace(_SECURE, places=(4, 8)),
}
"""Every care type of the reference list."""
