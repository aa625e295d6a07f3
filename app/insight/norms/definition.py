"""What the figures of the norms say."""

from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Resource, count, share
from app.insight.linked_counts.definition import standing
from app.insight.linked_counts.repository import OVER_NORM

_NORMS: Final = (
    ("worker", "vaste jeugdbeschermer binnen vijf werkdagen", "a protection worker within five working days"),
    ("course", "gedragen koers binnen zes weken", "an agreed course within six weeks"),
    ("help", "passende hulp binnen drie maanden", "fitting help within three months"),
)

NORMS: Final = Resource(
    name="norms",
    title=Text(nl="De normen van de inspecties", en="The norms of the inspectorates"),
    question=Text(
        nl="Krijgt elk kind met een maatregel op tijd een vaste jeugdbeschermer, een koers en passende hulp?",
        en="Does every child with a measure get a protection worker, a course and fitting help in time?",
    ),
    source="dossiers",
    by=("region", "municipality", "institution", "kind", "care-type"),
    linked=(standing(waitingOverNorm=OVER_NORM),),
    within=tuple((f"{name}Late", (f"{name}Explained",)) for name, *_ in _NORMS),
    measures=(
        *(
            measure
            for name, nl, en in _NORMS
            for measure in (
                count(
                    f"{name}Due",
                    (f"{nl}: termijn verstreken", f"{en}: term ended"),
                    (
                        f"Kinderen voor wie de termijn van {nl} in de periode eindigde.",
                        f"Children for whom the term of {en} ended in the period.",
                    ),
                    parts=(f"{name}InTime", f"{name}Late"),
                ),
                count(
                    f"{name}InTime",
                    (f"{nl}: op tijd", f"{en}: in time"),
                    ("Daarvan: gebeurd uiterlijk op de laatste dag.", "Of those: done on the last day at the latest."),
                ),
                count(
                    f"{name}Late",
                    (f"{nl}: te laat of nog niet", f"{en}: late or not yet"),
                    (
                        "Daarvan: na de laatste dag, of aan het eind van de periode nog niet.",
                        "Of those: after the last day, or not yet when the period ended.",
                    ),
                ),
                count(
                    f"{name}Explained",
                    (f"{nl}: te laat, met uitleg", f"{en}: late, explained"),
                    (
                        "Van de te late: waarbij de instelling uitlegde waarom.",
                        "Of the late: of which it was said why.",
                    ),
                ),
                share(
                    f"{name}InTimeShare", (f"{nl}: deel op tijd", f"{en}: share in time"), f"{name}InTime", f"{name}Due"
                ),
            )
        ),
        count(
            "waitingOverNorm",
            ("wacht te lang op passende hulp", "waits too long for fitting help"),
            (
                "Kinderen met een maatregel voor wie de termijn van passende hulp op de laatste dag van de periode "
                "verstreken was, terwijl de hulp nog niet was begonnen.",
                "Children with a measure for whom the term of fitting help was over on the last day of the period, "
                "while no help had started.",
            ),
        ),
        count(
            "notFitting",
            ("hulp loopt, maar past niet", "help runs, and does not fit"),
            (
                "Kinderen met een maatregel van wie de hulp op de laatste dag liep, en van wie de jeugdbeschermer of "
                "het gezin het laatst oordeelde dat die niet of deels past.",
                "Children with a measure whose help ran on the last day, and of whom professional or family judged "
                "last that it does not fit, or partly.",
            ),
        ),
    ),
)
