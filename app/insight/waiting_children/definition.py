"""What the figures of waiting children say: the uniform format of the nine regions of Noord-Holland."""

from typing import Final

from app.domain.language import Text
from app.dossiers.agreements.steps import STEP_NAMES, STEPS
from app.insight.answers.definitions import Resource, count
from app.insight.linked_counts.definition import standing
from app.insight.linked_counts.repository import BRIDGED, EXPLAINED, OVER_NORM, REFERRED, WAITING

STEP_COUNTS: Final = {f"step{''.join(part.capitalize() for part in step.split('-'))}": step for step in STEPS}
"""The figures of the steps of the ladder, with the code of the step."""

_REFERRED_NAMES: Final = (
    ("nergens aangemeld", "referred to no provider"),
    ("bij één aanbieder aangemeld", "referred to one provider"),
    ("bij meer aanbieders aangemeld", "referred to several providers"),
)

WAITING_CHILDREN: Final = Resource(
    name="waiting-children",
    title=Text(nl="Wachtende kinderen", en="Waiting children"),
    question=Text(
        nl="Welke kinderen wachten op passende hulp, waarop, hoe lang al en waardoor?",
        en="Which children wait for fitting help, for what, since when, and why?",
    ),
    source="dossiers",
    by=("region", "municipality", "institution", "kind", "care-type", "provider", "cause", "supraregion"),
    overlapping=frozenset({"care-type", "provider", "cause", "supraregion"}),
    linked=(
        standing(
            waiting=WAITING,
            overNorm=OVER_NORM,
            overNormExplained=EXPLAINED,
            bridged=BRIDGED,
            **{name: name for name in REFERRED},
        ),
    ),
    measures=(
        count(
            "waiting",
            ("wachten", "waiting"),
            (
                "Kinderen voor wie op die dag hulp was gevraagd, nog niet was begonnen en nog nodig was; elk kind telt "
                "één keer, hoe veel aanmeldingen het ook heeft, en ook als iets de wachttijd overbrugt.",
                "Children for whom help had been asked by that day, had not begun and was still needed; each child "
                "counts once, however many referrals it has, and also where something bridges the wait.",
            ),
            parts=tuple(REFERRED),
        ),
        count(
            "withNorm",
            ("met een maatregel", "with a measure"),
            (
                "Daarvan: met een maatregel van jeugdbescherming of jeugdreclassering, waarvoor de normen gelden.",
                "Of those: with a measure of protection or youth probation, which carries the norms.",
            ),
        ),
        count(
            "overNorm",
            ("langer dan de norm", "longer than the norm"),
            (
                "Daarvan: van wie de termijn van passende hulp (drie maanden na de maatregel, of eerder waar dat is "
                "gevraagd) voorbij is.",
                "Of those: whose term of fitting help (three months after the measure, or sooner where asked) is over.",
            ),
        ),
        count(
            "overNormExplained",
            ("langer dan de norm, met uitleg", "longer than the norm, explained"),
            ("Daarvan: waarbij de instelling uitlegde waarom.", "Of those: of which the institution said why."),
        ),
        count(
            "bridged",
            ("met overbrugging", "with bridging"),
            (
                "Wachtende kinderen bij wie iets de wachttijd overbrugt.",
                "Waiting children for whom something bridges it.",
            ),
        ),
        *(
            count(
                name,
                title,
                (
                    f"Wachtende kinderen die op die dag {title[0]} waren, met een aanmelding die open staat.",
                    f"Waiting children who were {title[1]} on that day, by a referral that was open.",
                ),
            )
            for name, title in zip(REFERRED, _REFERRED_NAMES, strict=True)
        ),
        *(
            count(
                name,
                (STEP_NAMES[step].nl, STEP_NAMES[step].en),
                (
                    f"Wachtende kinderen die voorlagen bij: {STEP_NAMES[step].nl}, als hoogste open trede.",
                    f"Waiting children before the {STEP_NAMES[step].en}, as the highest step that was open.",
                ),
            )
            for name, step in STEP_COUNTS.items()
        ),
    ),
)
