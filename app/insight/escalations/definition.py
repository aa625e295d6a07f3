"""What the figures of escalations say."""

from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Flow, Resource, count, middle

OUTCOMES: Final = {
    "outcomeHelp": (
        "help",
        ("hulp geregeld", "help arranged"),
        ("Daarvan: er werd hulp geregeld.", "Of those: help was arranged."),
    ),
    "outcomeExplanation": (
        "explanation",
        ("uitgelegd waarom niet", "explained why not"),
        ("Daarvan: er werd uitgelegd waarom het niet kan.", "Of those: it was explained why not."),
    ),
    "outcomeQuestion": (
        "question",
        ("vraag terug", "question back"),
        (
            "Daarvan: er ging een vraag terug, die niet is beantwoord; met het antwoord staat de trede weer open.",
            "Of those: a question went back that was not answered; with its answer the step is open again.",
        ),
    ),
    "outcomeUnsaid": (
        "unsaid",
        ("uitkomst van onbekende soort", "outcome of an unknown kind"),
        ("Daarvan: wat voor uitkomst is niet gezegd.", "Of those: what kind of outcome was not said."),
    ),
    "lapsed": (
        "lapsed",
        ("vervallen zonder uitkomst", "lapsed without an outcome"),
        (
            "Daarvan: de hulp begon of het dossier sloot voordat er iets uitkwam.",
            "Of those: help began or the dossier was closed before anything came out.",
        ),
    ),
}
"""The figures of what came out, with the code in the known escalations."""

ESCALATIONS: Final = Resource(
    name="escalations",
    title=Text(nl="De escalatieladder", en="The ladder of escalation"),
    question=Text(
        nl="Hoe vaak komen kinderen voor een trede van de escalatieladder, hoe lang duurt dat en wat komt eruit?",
        en="How often are children put before a step of the ladder, how long does that take and what comes out?",
    ),
    source="dossiers",
    flow=Flow("open", comes="opened", goes=("ended",)),
    within=(("ended", ("lessons",)),),
    by=("step", "region", "care-type"),
    measures=(
        count(
            "opened",
            ("geopend", "opened"),
            (
                "Escalaties die in de periode begonnen: een kind werd voor een trede gebracht.",
                "Escalations that began in the period: a child was put before a step.",
            ),
        ),
        count(
            "ended",
            ("geëindigd", "ended"),
            (
                "Escalaties die in de periode eindigden: er kwam iets uit, of dat was niet meer nodig.",
                "Escalations that ended in the period: something came out, or that was no longer needed.",
            ),
            parts=tuple(OUTCOMES),
        ),
        *(count(name, title, definition) for name, (_, title, definition) in OUTCOMES.items()),
        *middle(
            "days",
            ("duur in dagen", "days taken"),
            (
                "Dagen van begin tot einde van de geëindigde escalaties.",
                "Days from start to end of the escalations that ended.",
            ),
            "ended",
        ),
        count(
            "lessons",
            ("met een les", "with a lesson"),
            (
                "Van de geëindigde: waarvan anderen leren wat werkte.",
                "Of those ended: of which others learn what worked.",
            ),
        ),
        count(
            "raised",
            ("naar een hogere trede", "raised to a higher step"),
            (
                "Escalaties waarna het kind in de periode voor het eerst voor een hogere trede werd gebracht.",
                "Escalations after which the child was put before a higher step for the first time in the period.",
            ),
        ),
        count(
            "open",
            ("open", "open"),
            (
                "Escalaties die op de laatste dag van de periode liepen.",
                "Escalations that ran on the last day of the period.",
            ),
        ),
    ),
)
