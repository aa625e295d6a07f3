"""What a mail of one happening says: what kind it is, of which offer, and where to read it. Nothing about a child."""

from typing import Final, Literal

from app.domain.language import Text, same
from app.notifying.mails.mailer import in_one_line

Happening = Literal[
    "referral", "answer", "call", "call-answer", "notice", "arrangement", "transfer", "escalation", "delivery"
]

OUTSIDE: Final = Text(nl="zorg buiten de contracten", en="care outside the contracts")
_SUBJECTS: Final[dict[Happening, Text]] = {
    "referral": Text(nl="Nieuwe aanmelding: {about}", en="New referral: {about}"),
    "answer": Text(nl="Antwoord op een aanmelding: {about}", en="Answer to a referral: {about}"),
    "call": Text(nl="Nieuwe oproep", en="New call"),
    "call-answer": Text(nl="Antwoord op een oproep: {about}", en="Answer to a call: {about}"),
    "notice": Text(nl="Bericht over een aanmelding: {about}", en="Message about a referral: {about}"),
    "arrangement": Text(nl="Bericht over een regeling: {about}", en="Message about an arrangement: {about}"),
    "transfer": Text(nl="Bericht over een overdracht", en="Message about a transfer"),
    "escalation": Text(nl="Bericht over een opschaling", en="Message about an escalation"),
    "delivery": Text(nl="Wachtende kinderen van {about} aanleveren", en="Deliver the waiting children of {about}"),
}
_WHAT: Final[dict[Happening, Text]] = {
    "referral": Text(nl="Er is een nieuwe aanmelding voor {about}.", en="There is a new referral to {about}."),
    "answer": Text(
        nl="Er is een antwoord op een aanmelding bij {about}.", en="There is an answer to a referral to {about}."
    ),
    "call": Text(
        nl="Er is een nieuwe oproep aan gecontracteerde aanbieders.", en="There is a new call to contracted providers."
    ),
    "call-answer": Text(nl="Er is een antwoord op een oproep: {about}.", en="There is an answer to a call: {about}."),
    "notice": Text(
        nl="Er is iets veranderd aan een aanmelding bij {about}.", en="Something changed of a referral to {about}."
    ),
    "arrangement": Text(
        nl="Er is iets gevraagd of besloten over een regeling voor {about}.",
        en="Something was asked or decided of an arrangement for {about}.",
    ),
    "transfer": Text(
        nl="Er is een dossier aan u voorgesteld, of over uw voorstel is besloten.",
        en="A dossier was proposed to you, or your proposal was decided on.",
    ),
    "escalation": Text(
        nl="Er wordt iets gevraagd op een trede van de ladder, of er is een uitkomst.",
        en="A step of the ladder asks something, or there is an outcome.",
    ),
    "delivery": Text(
        nl="Uw wachtende kinderen van {about} zijn nog niet aangeleverd. Lever ze aan (POST /v1/waiting-children), of "
        "bevestig dat uw dossiers volledig zijn (POST /v1/deliveries).",
        en="Your waiting children of {about} have not been delivered yet. Deliver them (POST /v1/waiting-children), or "
        "confirm that your dossiers are complete (POST /v1/deliveries).",
    ),
}
_BODY: Final = Text(
    nl="""{what}

Lees het hier:

  GET {link}

Dit bericht zegt niets over het kind en is automatisch verstuurd. Wat u per mail krijgt, stelt u in met:

  PUT {base}/v1/me/notification-settings
""",
    en="""{what}

Read it here:

  GET {link}

This message says nothing about the child and was sent automatically. What you are told by mail is set with:

  PUT {base}/v1/me/notification-settings
""",
)


def subject(happening: Happening, about: Text) -> Text:
    """The subject of the mail; `about` is the offer's name."""
    return _SUBJECTS[happening].format(about=_plain(about))


def body(happening: Happening, about: Text, path: str, base: str) -> Text:
    """The mail; `path` is where to read it, and `base` where the service is reached, or empty."""
    base = base.rstrip("/")
    return _BODY.format(what=_WHAT[happening].format(about=_plain(about)), link=base + path, base=base)


def named(name: str) -> Text:
    """A name as it stands in both languages."""
    return same(name)


def _plain(about: Text) -> Text:
    return Text(nl=in_one_line(about.nl), en=in_one_line(about.en))
