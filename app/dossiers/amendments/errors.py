"""What can go wrong with amendments."""

from app.domain.language import Text
from app.dossiers.referrals.states import Status
from app.kit.errors import ConflictError, InputError


class NotAmendableError(ConflictError):
    """A referral from which help has started, or that is over, or that no provider answers here, does not change so."""

    slug = "not-amendable"
    title = Text(nl="Niet te wijzigen", en="Cannot be amended")

    def __init__(self, status: Status) -> None:
        text = Text(
            nl="Alleen een lopende aanmelding bij een aanbieder wordt met instemming van beide kanten breder of "
            "smaller; waar de hulp loopt, beëindigt u die voor dat kind alleen (end, only).",
            en="Only an open referral to a provider is widened or narrowed by both sides' consent; where help runs, "
            "end it for one child with end and only.",
        )
        super().__init__(text, referralStatus=status)


class AmendmentOpenError(ConflictError):
    """A referral has one open amendment at a time; `number` is that one."""

    slug = "amendment-open"
    title = Text(nl="Er loopt al een voorstel", en="An amendment is open already")

    def __init__(self, number: int) -> None:
        text = Text(
            nl="Van deze aanmelding ligt al een wijzigingsvoorstel; daarover moet eerst worden besloten.",
            en="An amendment of this referral is open already; that has to be decided on first.",
        )
        super().__init__(text, number=number)


class AmendmentDecidedError(ConflictError):
    """An amendment is decided on once."""

    slug = "amendment-decided"
    title = Text(nl="Over dit voorstel is al besloten", en="This amendment has been decided on")

    def __init__(self) -> None:
        super().__init__(Text(nl="Over dit voorstel is al besloten.", en="This amendment has been decided on."))


class AmendmentOutdatedError(ConflictError):
    """What was proposed can no longer be: a child has been helped, closed, moved, withdrawn or referred meanwhile."""

    slug = "amendment-outdated"
    title = Text(nl="Voorstel achterhaald", en="Amendment outdated")

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Sinds dit voorstel is er iets veranderd voor een van de kinderen; weiger het, of trek het in, en "
                "doe een nieuw voorstel.",
                en="Something has changed for one of the children since this was proposed; refuse it, or withdraw it, "
                "and propose anew.",
            )
        )


def no_change() -> InputError:
    """The error for an amendment that changes nothing."""
    text = Text(nl="De aanmelding is al voor deze kinderen.", en="The referral is for these children already.")
    return InputError("#/children", "no-change", text)


def withdraw_instead() -> InputError:
    """The error for an institution that asks consent for what it can do alone."""
    text = Text(
        nl="Een kind uit de aanmelding halen doet u zelf, met het besluit withdraw en only; hier noemt u alle kinderen "
        "voor wie zij nu is, en wie erbij komt.",
        en="Take a child out yourself, with the decision withdraw and only; here you name all children that it is for "
        "now, and who joins them.",
    )
    return InputError("#/children", "withdraw-instead", text)


def not_of_referral(pointer: str) -> InputError:
    """The error for a child that the provider does not know."""
    text = Text(
        nl="Dit kind hoort niet bij deze aanmelding; noem een kind van de aanmelding (children, id).",
        en="This child is not of this referral; name an id of the referral's children.",
    )
    return InputError(pointer, "not-of-referral", text)


def cannot_join(pointer: str) -> InputError:
    """The error for a request that cannot be added."""
    text = Text(
        nl="Deze hulpvraag kan er niet bij: zij hoort niet bij dezelfde broers en zussen, wacht niet meer op hulp, of "
        "is al bij dit aanbod aangemeld.",
        en="This request cannot join: it is not of the same siblings, waits for help no more, or has been referred to "
        "this offer already.",
    )
    return InputError(pointer, "cannot-join", text)


def only_of_institution() -> InputError:
    """The error for a provider that explains what only the institution has to."""
    text = Text(
        nl="Dit legt alleen de instelling uit; laat het weg.", en="Only the institution explains; leave it out."
    )
    return InputError("#/despite", "not-applicable", text)
