"""What the figures of choices say."""

from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Measure, Resource, count, middle, share
from app.insight.linked_counts.definition import standing
from app.insight.linked_counts.repository import BRIDGED, UNBRIDGED

HELP_AS: Final = {
    "firstChoice": ("1", "eerste keuze", "first choice"),
    "secondChoice": ("2", "tweede keuze", "second choice"),
    "thirdChoice": ("3", "derde keuze", "third choice"),
    "alternative": ("alternative", "alternatief", "alternative"),
    "outside": ("outside", "hulp buiten de contracten", "help outside the contracts"),
    "said": ("said", "hulp zonder aanmelding", "help without a referral"),
}
"""The figures of what help children got, with the code of `help_as` in the needs."""

JUDGES: Final = {"professional": ("jeugdbeschermer", "professional"), "family": ("gezin", "family")}
FITS: Final = {"yes": ("past", "fits"), "partly": ("past deels", "fits partly"), "no": ("past niet", "does not fit")}


def _helped() -> tuple[Measure, ...]:
    return tuple(
        measure
        for name, (_, nl, en) in HELP_AS.items()
        for measure in (
            count(
                name,
                (nl, en),
                (f"Kinderen van wie de hulp in de periode begon: {nl}.", f"Children whose help began: {en}."),
            ),
            share(f"{name}Share", (f"deel {nl}", f"share {en}"), name, "helped"),
            *middle(
                f"{name}Days",
                (f"dagen tot {nl}", f"days to {en}"),
                ("Dagen van de hulpvraag tot het begin van de hulp.", "Days from the request to the start of help."),
                name,
            ),
        )
    )


def _judged() -> tuple[Measure, ...]:
    return tuple(
        count(
            f"{judge}{fits.capitalize()}",
            (f"{by_nl}: {nl}", f"{by_en}: {en}"),
            (
                f"Van de kinderen van wie de hulp in de periode begon, die waarvan het laatste oordeel ({by_nl}) is: "
                f"{nl}.",
                f"Of the children whose help began in the period, those whose last judgement ({by_en}) is: {en}.",
            ),
        )
        for judge, (by_nl, by_en) in JUDGES.items()
        for fits, (nl, en) in FITS.items()
    )


CHOICES: Final = Resource(
    name="choices",
    title=Text(nl="De keuzen van de jeugdbeschermer", en="The choices of the jeugdbeschermer"),
    question=Text(
        nl="Krijgt een kind de hulp die als eerste keuze werd genoemd, hoe lang duurt dat, en past ze?",
        en="Does a child get the help that was the first choice, how long does that take, and does it fit?",
    ),
    source="dossiers",
    by=("region", "municipality", "institution", "care-type", "kind"),
    linked=(standing(bridgingOnly=BRIDGED, nothing=UNBRIDGED),),
    within=tuple(("helped", tuple(f"{judge}{fits.capitalize()}" for fits in FITS)) for judge in JUDGES),
    measures=(
        count(
            "helped",
            ("hulp begonnen", "help began"),
            (
                "Kinderen van wie de hulp in de periode begon; een overbrugging is geen hulp.",
                "Children whose help began in the period; what bridges the wait is no help.",
            ),
            parts=tuple(HELP_AS),
        ),
        *_helped(),
        count(
            "bridgingOnly",
            ("alleen overbrugging", "bridging only"),
            (
                "Kinderen die op de laatste dag wachtten terwijl iets de wachttijd overbrugde.",
                "Children who waited on the last day while something bridged the wait.",
            ),
        ),
        count(
            "nothing",
            ("niets", "nothing"),
            (
                "Kinderen die op de laatste dag wachtten zonder overbrugging.",
                "Children who waited on the last day without anything that bridged it.",
            ),
        ),
        *_judged(),
    ),
)
