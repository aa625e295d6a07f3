"""What the figures of waiting times say."""

from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Resource, count, middle, of_no_child
from app.insight.linked_counts.definition import starts
from app.insight.linked_counts.repository import STARTED

REPORTED: Final = "offersReporting"
"""The count, and the sample, of the waits that offers report."""

REALISED: Final = "started"
"""The count, and the sample, of the waits that there were."""

WAITING_TIMES: Final = Resource(
    name="waiting-times",
    title=Text(nl="Wachttijden", en="Waiting times"),
    question=Text(
        nl="Hoe lang is de wachttijd volgens aanbieders, en hoe lang duurde het van aanmelding tot hulp?",
        en="How long is the wait as providers report, and how long did it take from referral to help?",
    ),
    source="supply",
    other_source="dossiers",
    by=("care-type", "provider", "region", "supraregion"),
    overlapping=frozenset({"supraregion"}),
    linked=(starts(**{REALISED: STARTED}),),
    measures=(
        *of_no_child(
            count(
                REPORTED,
                ("aanbod dat een wachttijd meldt", "offers that report a wait"),
                (
                    "Aanbod dat op de laatste dag een wachttijd tot de intake of tot de behandeling meldde, in een "
                    "bericht van ten hoogste 30 dagen oud; naar de jeugdregio waar de hulp wordt gegeven.",
                    "Offers that on the last day reported a wait to the intake or to the treatment, in a report that "
                    "is at most 30 days old; by the region where the help is given.",
                ),
            ),
            *middle(
                "reportedWait",
                ("gemelde wachttijd in dagen", "reported wait in days"),
                (
                    "Dagen van aanmelding tot de eerste echte hulp, zoals dat aanbod ze meldt: tot de intake en van de "
                    "intake tot de behandeling samen.",
                    "Days from the referral to the first real help, as those offers report them: to the intake and "
                    "from the intake to the treatment together.",
                ),
                REPORTED,
            ),
        ),
        count(
            REALISED,
            ("kinderen van wie de hulp begon", "children whose help began"),
            (
                "Kinderen van wie hulp na een aanmelding in de periode begon, zonder overbrugging; naar de jeugdregio "
                "van het kind.",
                "Children whose help by a referral began in the period, what only bridges the wait left out; by the "
                "region of the child.",
            ),
        ),
        *middle(
            "realisedWait",
            ("werkelijke wachttijd in dagen", "realised wait in days"),
            (
                "Dagen van het versturen van hun aanmelding tot het begin van de hulp.",
                "Days from when their referral was sent to when the help began.",
            ),
            REALISED,
        ),
    ),
)
