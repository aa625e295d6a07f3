"""What the figures of freshness say."""

from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Dimension, Resource, count, of_no_child, share, told_by

_BY_OFFER: Final[tuple[Dimension, ...]] = ("region", "provider", "care-type", "supraregion")
STANDING: Final = {name: name for name in ("offers", "fresh", "ageing", "stale", "missing")}
"""The figures, with the column that each adds up."""

_BANDS: Final = (
    ("fresh", "vers", "fresh", "van ten hoogste 7 dagen oud", "at most 7 days old"),
    ("ageing", "verouderend", "ageing", "van 8 tot en met 30 dagen oud", "8 to 30 days old"),
    ("stale", "verouderd", "stale", "van meer dan 30 dagen oud", "more than 30 days old"),
)

_OF_OFFERS: Final = told_by(
    _BY_OFFER,
    of_no_child(
        count(
            "offers",
            ("aanbod", "offers"),
            ("Aanbod dat op de laatste dag werd gegeven.", "Offers that were given on the last day."),
            parts=("fresh", "ageing", "stale", "missing"),
        ),
        *(
            count(
                name,
                (f"aanbod met cijfers: {nl}", f"offers with figures: {en}"),
                (
                    f"Daarvan: met een laatste waarneming {old}; bevestigen telt als waarnemen, en wat uit een "
                    "aanmelding is geteld niet.",
                    f"Of those: last observed {age}; a confirmation counts as observing, what was counted from a "
                    "referral does not.",
                ),
            )
            for name, nl, en, old, age in _BANDS
        ),
        count(
            "missing",
            ("aanbod zonder cijfers", "offers without figures"),
            ("Daarvan: nog nooit gemeld.", "Of those: never reported."),
        ),
        *(share(f"{name}Share", (f"deel {nl}", f"share {en}"), name, "offers") for name, nl, en, *_ in _BANDS),
        share("missingShare", ("deel zonder cijfers", "share without figures"), "missing", "offers"),
    ),
)
_OF_INSTITUTIONS: Final = told_by(
    ("institution",),
    of_no_child(
        count(
            "monthsDue",
            ("maanden te leveren", "months to deliver"),
            (
                "Maanden die begonnen zijn en waarvan de instelling haar wachtende kinderen levert of bevestigt: omdat "
                "er toen een kind van haar wachtte, of omdat zij in de regio gecontracteerd is.",
                "Months that have begun of which the institution is to deliver or confirm its waiting children: since "
                "a child of it waited then, or since it is contracted in the region.",
            ),
            parts=("monthsDelivered", "monthsMissing"),
        ),
        count(
            "monthsDelivered",
            ("maanden geleverd", "months delivered"),
            (
                "Daarvan: geleverd of bevestigd. Een levering waarvan elke regel is afgewezen telt niet.",
                "Of those: delivered or confirmed. A delivery of which every line was rejected does not count.",
            ),
        ),
        count(
            "monthsMissing",
            ("maanden niet geleverd", "months not delivered"),
            ("Daarvan: niet geleverd en niet bevestigd.", "Of those: neither delivered nor confirmed."),
        ),
        share("deliveredShare", ("deel geleverd", "share delivered"), "monthsDelivered", "monthsDue"),
    ),
)

FRESHNESS: Final = Resource(
    name="freshness",
    title=Text(nl="Versheid van de cijfers", en="Freshness of the figures"),
    question=Text(
        nl="Hoe vers zijn de cijfers die aanbieders melden, en welke instelling heeft haar maand geleverd?",
        en="How fresh are the figures that providers report, and which institution has delivered its month?",
    ),
    source="supply",
    by=(*_BY_OFFER, "institution"),
    overlapping=frozenset({"supraregion"}),
    measures=_OF_OFFERS + _OF_INSTITUTIONS,
)
