"""What the figures of declines say."""

from typing import Final

from app.domain.language import Text
from app.dossiers.referrals.obstacle_codes import LABELS, OBSTACLES
from app.insight.answers.definitions import Measure, Resource, count, middle, share

DESPITE: Final = {f"despite{''.join(part.capitalize() for part in code.split('-'))}": code for code in OBSTACLES}
"""The figures of referrals despite a reason, with the code of the reason."""


def _despite() -> tuple[Measure, ...]:
    return tuple(
        count(
            name,
            (f"ondanks: {_within(LABELS[code].nl)}", f"despite: {_within(LABELS[code].en)}"),
            (
                f"Aanmeldingen ondanks een beletsel, waarbij is toegelicht: {_within(LABELS[code].nl)}.",
                f"Referrals despite an obstacle for which it was said why: {_within(LABELS[code].en)}.",
            ),
        )
        for name, code in DESPITE.items()
    )


def _within(text: str) -> str:
    return text[0].lower() + text[1:]


DECLINES: Final = Resource(
    name="declines",
    title=Text(nl="Afwijzingen en aannamebeleid", en="Declines and admission policy"),
    question=Text(
        nl="Welke kinderen wijzen aanbieders af en waarom, hoe snel antwoorden ze, en wat gebeurt er ondanks een "
        "beletsel?",
        en="Which children do providers decline and why, how soon do they answer, and what is done despite an "
        "obstacle?",
    ),
    source="dossiers",
    by=("provider", "care-type", "region", "reason", "criterion"),
    overlapping=frozenset({"criterion"}),
    within=(
        ("sent", ("despite",)),
        ("despite", ("despiteAccepted", "despiteDeclined")),
        *(("despite", (name,)) for name in DESPITE),
    ),
    measures=(
        count(
            "sent",
            ("aanmeldingen", "referrals"),
            (
                "Aanmeldingen bij een aanbieder die in de periode zijn verstuurd; van een aanmelding voor broers en "
                "zussen telt elk kind.",
                "Referrals to a provider that were sent in the period; of one for siblings each child counts.",
            ),
        ),
        count(
            "answered",
            ("beantwoord", "answered"),
            (
                "Aanmeldingen waarop de aanbieder in de periode voor het eerst antwoordde: aangenomen, op de "
                "wachtlijst of afgewezen. Wat als vergissing is teruggenomen, is geen antwoord.",
                "Referrals that the provider first answered in the period: accepted, on the waiting list or declined. "
                "What was taken back as a mistake is no answer.",
            ),
        ),
        *middle(
            "answerDays",
            ("dagen tot antwoord", "days to the answer"),
            ("Dagen van het versturen tot het eerste antwoord.", "Days from sending to the first answer."),
            "answered",
        ),
        count(
            "decided",
            ("besloten", "decided"),
            (
                "Aanmeldingen waarvan de aanbieder in de periode het laatst besliste: aangenomen of afgewezen.",
                "Referrals of which the provider's last decision was in the period: accepted or declined.",
            ),
            parts=("accepted", "declined"),
        ),
        count(
            "accepted",
            ("aangenomen", "accepted"),
            (
                "Daarvan: aangenomen, ook als de instelling ze daarna introk.",
                "Of those: accepted, also where the institution withdrew them later.",
            ),
        ),
        count("declined", ("afgewezen", "declined"), ("Daarvan: afgewezen.", "Of those: declined.")),
        share("acceptedShare", ("deel aangenomen", "share accepted"), "accepted", "decided"),
        count(
            "despite",
            ("ondanks een beletsel", "despite an obstacle"),
            (
                "Van de verstuurde aanmeldingen: gedaan, aangenomen of gestart terwijl het aanbod voor dit kind was "
                "uitgesloten, met toelichting.",
                "Of the referrals that were sent: made, accepted or started while the offer was excluded for this "
                "child, with a word why.",
            ),
        ),
        count(
            "despiteAccepted",
            ("ondanks een beletsel aangenomen", "accepted despite an obstacle"),
            ("Daarvan: het laatst aangenomen.", "Of those: accepted, when it was last decided."),
        ),
        count(
            "despiteDeclined",
            ("ondanks een beletsel gevraagd en afgewezen", "asked despite an obstacle and declined"),
            ("Daarvan: het laatst afgewezen.", "Of those: declined, when it was last decided."),
        ),
        share("despiteShare", ("deel ondanks een beletsel", "share despite an obstacle"), "despite", "sent"),
        *_despite(),
    ),
)
