"""What the figures of demand and supply say."""

from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Measure, Resource, count, number
from app.insight.linked_counts.definition import standing, starts
from app.insight.linked_counts.repository import STARTED, WAITING

DEMAND: Final = ("waiting", "wishes")
"""The figures of children that wait, who are no provider's."""

AROUND: Final = "freeInSupraregion"
"""The figure of neighbouring regions, which do not add up over several."""

SUPPLY: Final = Resource(
    name="supply",
    title=Text(nl="Vraag en aanbod", en="Demand and supply"),
    question=Text(
        nl="Is er genoeg hulp voor de kinderen die erop wachten, en van welke vorm niet?",
        en="Is there enough help for the children that wait for it, and of which form is there not?",
    ),
    source="supply",
    other_source="dossiers",
    by=("care-type", "region", "supraregion"),
    overlapping=frozenset({"supraregion"}),
    linked=(standing(waiting=WAITING), starts(started=STARTED)),
    measures=(
        count(
            "waiting",
            ("wachtende kinderen", "waiting children"),
            (
                "Kinderen die op de laatste dag op hulp wachtten, naar de vorm van hun eerste keuze; elk kind telt één "
                "keer.",
                "Children that waited for help on the last day, by the care type of their first choice; each child "
                "counts once.",
            ),
        ),
        count(
            "wishes",
            ("keuzen van wachtende kinderen", "choices of waiting children"),
            (
                "De vormen die deze kinderen als eerste, tweede of derde keuze hebben; een kind met drie vormen telt "
                "drie keer, bij elke vorm één keer.",
                "The care types that these children have as first, second or third choice; a child with three of them "
                "counts three times, once for each.",
            ),
        ),
        number(
            "placesOpen",
            ("vrije plekken na wie al wacht", "free places after who waits already"),
            (
                "Vrije plekken op de laatste dag, zoals bij de capaciteit: na wie bij dat aanbod al wacht, bij aanbod "
                "dat aanmeldingen aanneemt, volgens berichten van ten hoogste 30 dagen oud.",
                "Free places on the last day, as of capacity: after who waits for that offer already, of offers that "
                "take referrals, by reports that are at most 30 days old.",
            ),
        ),
        Measure(
            "shortage",
            Text("tekort aan plekken", "shortage of places"),
            Text(
                "Wachtende kinderen min vrije plekken van dezelfde rij, waar dat meer dan 0 is. Een vrije plek van een "
                "andere vorm helpt niet: naar regio gevraagd zegt dit getal alleen iets met één vorm erbij.",
                "Waiting children less free places of the same row, where that is more than 0. A free place of another "
                "care type is no help: by region this number says something with one care type alone.",
            ),
            kind="difference",
            of=("waiting", "placesOpen"),
        ),
        number(
            AROUND,
            ("vrij in het bovenregionale verband", "free in the supraregion"),
            (
                "Vrije plekken, op dezelfde wijze, in de andere jeugdregio's van de bovenregionale verbanden waarin de "
                "jeugdregio zit; leeg waar een rij van meer dan één jeugdregio is.",
                "Free places, in the same manner, in the other regions of the supraregions that the region is in; "
                "empty where a row is of more than one region.",
            ),
        ),
        count(
            "started",
            ("instroom: hulp begonnen", "inflow: help began"),
            (
                "Kinderen van de jeugdregio van wie hulp na een aanmelding in de periode begon, zonder overbrugging.",
                "Children of the region whose help by a referral began in the period, what only bridges the wait left "
                "out.",
            ),
        ),
        count(
            "ended",
            ("uitstroom: hulp beëindigd", "outflow: help ended"),
            ("Kinderen van wie zulke hulp in de periode eindigde.", "Children whose help of that kind ended in it."),
        ),
    ),
)
