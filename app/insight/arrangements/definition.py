"""What the figures of arrangements say."""

from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Flow, Resource, count, middle, share

ARRANGEMENTS: Final = Resource(
    name="arrangements",
    title=Text(nl="Regelingen", en="Arrangements"),
    question=Text(
        nl="Wat wordt gevraagd om een alternatief mogelijk te maken, wat komt ervan en hoe lang duurt dat?",
        en="What is asked to make an alternative possible, what comes of it and how long does that take?",
    ),
    source="dossiers",
    flow=Flow("open", comes="asked", goes=("answered", "withdrawn", "ended")),
    within=(("answered", ("answeredLate",)),),
    by=("region", "municipality", "kind", "care-type"),
    measures=(
        count(
            "asked",
            ("gevraagd", "asked"),
            (
                "Regelingen die in de periode zijn gevraagd: een licht contract, een uitzondering op een "
                "budgetplafond, een grotere afstand of instemming van de aanbieder.",
                "Arrangements that were asked for in the period: a light contract, an exception to a budget ceiling, a "
                "longer distance or the provider's consent.",
            ),
        ),
        count(
            "answered",
            ("besloten", "decided"),
            (
                "Regelingen waarover in de periode is besloten.",
                "Arrangements that were decided on in the period.",
            ),
            parts=("granted", "refused"),
        ),
        count("granted", ("toegestaan", "granted"), ("Daarvan: toegestaan.", "Of those: granted.")),
        count("refused", ("geweigerd", "refused"), ("Daarvan: geweigerd.", "Of those: refused.")),
        share("grantedShare", ("deel toegestaan", "share granted"), "granted", "answered"),
        *middle(
            "days",
            ("dagen tot besluit", "days to the decision"),
            ("Dagen van de vraag tot het besluit.", "Days from the question to the decision."),
            "answered",
        ),
        count(
            "answeredLate",
            ("te laat besloten", "decided late"),
            ("Van de besloten: na de termijn.", "Of those decided: after the term."),
        ),
        count(
            "withdrawn",
            ("ingetrokken", "withdrawn"),
            (
                "Regelingen die de instelling in de periode introk, voordat erover was besloten.",
                "Arrangements that the institution withdrew in the period, before they were decided on.",
            ),
        ),
        count(
            "ended",
            ("vervallen", "ended"),
            (
                "Regelingen die in de periode vervielen zonder besluit, omdat de hulp begon of de hulpvraag sloot.",
                "Arrangements that ended in the period without a decision, since help began or the request was closed.",
            ),
        ),
        count(
            "open",
            ("open", "open"),
            (
                "Regelingen die op de laatste dag van de periode gevraagd en niet afgehandeld waren.",
                "Arrangements that had been asked for on the last day of the period, and were not over.",
            ),
        ),
        count(
            "openOverdue",
            ("open, te laat", "open, overdue"),
            ("Daarvan: waarvan de termijn voorbij was.", "Of those: of which the term was over."),
        ),
    ),
)
