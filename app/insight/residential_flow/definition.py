"""What the figures of the flow in residential care say."""

from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Flow, Resource, count, middle, share

THROUGH_DAYS: Final = 7
"""Within how many days another stay begins where a child goes from the one to the other."""

RESIDENTIAL_FLOW: Final = Resource(
    name="residential-flow",
    title=Text(nl="In-, door- en uitstroom van verblijf", en="Flow in, through and out of residential care"),
    question=Text(
        nl="Hoe stromen kinderen in, door en uit verblijf, hoe lang blijven zij, en waardoor stokt de uitstroom?",
        en="How do children flow in, through and out of residential care, how long do they stay, and what blocks the "
        "way out?",
    ),
    source="dossiers",
    flow=Flow("present", comes="inflow", goes=("outflow",)),
    by=("region", "care-type", "provider"),
    measures=(
        count(
            "inflow",
            ("instroom", "inflow"),
            (
                "Verblijven die in de periode begonnen: hulp van een aanbieder in een vorm met verblijf, ook als die "
                "alleen overbrugt.",
                "Stays that began in the period: help of a provider in a care type with a stay, also where it only "
                "bridges.",
            ),
        ),
        count(
            "outflow",
            ("uitstroom", "outflow"),
            (
                "Verblijven die in de periode eindigden, of waarvan het dossier werd gesloten.",
                "Stays that ended in the period, or of which the dossier was closed.",
            ),
            parts=("throughflow", "exit"),
        ),
        count(
            "throughflow",
            ("doorstroom", "throughflow"),
            (
                f"Daarvan: waarna binnen {THROUGH_DAYS} dagen een ander verblijf van hetzelfde kind begon.",
                f"Of those: after which another stay of the same child began within {THROUGH_DAYS} days.",
            ),
        ),
        count(
            "exit",
            ("uit verblijf", "out of residential care"),
            ("Daarvan: zonder ander verblijf daarna.", "Of those: without another stay after it."),
        ),
        *middle(
            "stayDays",
            ("verblijfsduur", "length of stay"),
            (
                "Dagen van begin tot einde van de geëindigde verblijven.",
                "Days from start to end of the stays that ended.",
            ),
            "outflow",
        ),
        count(
            "present",
            ("aanwezig", "present"),
            (
                "Verblijven die op de laatste dag van de periode liepen.",
                "Stays that ran on the last day of the period.",
            ),
        ),
        count(
            "outsideProvince",
            ("buiten de provincie", "outside the province"),
            (
                "Daarvan: op een locatie in een andere provincie dan de gemeente van het kind.",
                "Of those: at a location in another province than the child's municipality.",
            ),
        ),
        count(
            "secure",
            ("in gesloten jeugdhulp", "in secure care"),
            (
                "Daarvan: bij aanbod dat een machtiging van de kinderrechter vraagt.",
                "Of those: with an offer that takes an authorisation by the juvenile court.",
            ),
        ),
        count(
            "secureOverSixMonths",
            ("langer dan zes maanden in gesloten jeugdhulp", "over six months in secure care"),
            (
                "Daarvan: langer dan zes maanden zonder onderbreking.",
                "Of those: for longer than six months without a break.",
            ),
        ),
        count(
            "blocked",
            ("uitstroom stokt", "outflow blocked"),
            (
                "Van de aanwezige: waarbij minstens een van de drie volgende geldt.",
                "Of those present: of which at least one of the next three holds.",
            ),
        ),
        count(
            "blockedSaid",
            ("uitstroom stokt: genoemd als oorzaak", "outflow blocked: said as the cause"),
            (
                "Tijdens het verblijf is 'doorstroom of uitstroom stokt' genoemd als oorzaak, bij een uitleg of bij "
                "een trede van de escalatieladder.",
                "During the stay 'outflow blocked' was said to be the cause, in an explanation or of a step of the "
                "ladder.",
            ),
        ),
        count(
            "blockedSought",
            ("uitstroom stokt: andere plek gezocht", "outflow blocked: another place sought"),
            (
                "Het kind was op de laatste dag voor een ander verblijf aangemeld, en daar niet aangenomen.",
                "On the last day the child was referred to another stay, and not accepted there.",
            ),
        ),
        count(
            "blockedSecure",
            (
                "uitstroom stokt: geen vervolgplek na gesloten jeugdhulp",
                "outflow blocked: no next place after secure care",
            ),
            (
                "In gesloten jeugdhulp: minder dan zes weken voor het einde van de machtiging, of van zes maanden waar "
                "dat einde niet bekend is, was er nog geen vervolgplek bekend.",
                "In secure care: less than six weeks before the authorisation ends, or six months where that end is "
                "not known, no next place was known.",
            ),
        ),
        share("blockedShare", ("deel waarvan de uitstroom stokt", "share blocked"), "blocked", "present"),
    ),
)
