"""What the rules ask of a request and of an offer, in numbers and codes.

Days are numbers as by `date.toordinal`; codes of specialisations, criteria and genders are bits (`facts_of_offers`).
A compiler (mypyc) makes of these classes what they are in C, so their fields have the plainest types that do.
"""

from typing import Final

NEVER: Final = 1 << 30
"""The day of what has no end, and of a start that is unknown: later than any."""
LONG_AGO: Final = -(1 << 30)
"""The day of a report that there never was."""
NOT_GIVEN: Final = -1
"""A wait or a total that is not given."""
EVERYONE: Final = ""
"""The region of a stop that binds the children of all regions."""
ANY: Final = ""
"""The offer or provider of a choice that names none."""
ANYWHERE: Final = 1e9
"""In km: further than anywhere on earth."""
NOT_WEIGHED: Final[list[int]] = []
"""The factors of a candidate that was not weighed; nothing is ever added to them."""
NOT_COVERED: Final = 4
"""The kind, as a number, of the contract of an offer that no contract covers."""


class Term:
    """A contract: whose children it covers for which help (None for all), from its first to its last day."""

    kind: int
    starts_on: int
    ends_on: int
    ceiling_reached: bool
    exempts_measure: bool
    regions: frozenset[str]
    municipalities: frozenset[str]
    care_types: frozenset[str] | None


class Closed:
    """A placement stop for the children of a region, or for EVERYONE, from its first to its last day."""

    region: str
    starts_on: int
    ends_on: int


class OfferFacts:
    """What the rules ask of an offer; `number` is what the caller knows it by. From `reported` on: its report."""

    number: int
    id: str
    provider_id: str
    care_type: str
    age_min: int
    age_max: int
    genders: int
    specialisations: int
    exclusion_criteria: int
    at_home: bool
    needs_court_authorisation: bool
    service_area: frozenset[str] | None
    stops: list[Closed]
    has_place: bool
    x: float  # these three: of its place on a sphere of radius 1
    y: float
    z: float
    in_hours: bool
    reported: bool
    accepts_referrals: bool
    observed_on: int
    places_total: float
    room: float  # free places that nobody waits for
    next_free_on: int
    wait_days: int


class Block:
    """Offers that may be candidates for the children of a region, those of one provider and care type together.

    Beside each offer, in the other three, are its provider's contracts for that help in that region; whether some of
    them cover a part of the region only; and whether it is near, and so a candidate without a contract too. All are
    near or have such contracts.
    """

    def __init__(
        self, offers: list[OfferFacts], terms: list[list[Term]], in_part: list[bool], near: list[bool]
    ) -> None:
        self.offers = offers
        self.terms = terms
        self.in_part = in_part
        self.any_in_part = True in in_part
        self.near = near


class Counted:
    """Offers that may be candidates for a child, and beside each the contracts that cover the child for that help."""

    def __init__(self, offers: list[OfferFacts], terms: list[list[Term]]) -> None:
        self.offers = offers
        self.terms = terms


class AskedChoice:
    """A choice; an id that it does not name is ANY, and a distance that it does not give is ANYWHERE."""

    care_type: str
    offer_id: str
    provider_id: str
    most_km: float


class Asked:
    """The request. `birth_month` is in months since the year 0; `gender` is 0 where it is unknown; `wish_codes` are the
    codes of its wishes by their bits."""

    today: int
    limit: int
    birth_month: int
    gender: int
    region: str
    municipality: str
    has_measure: bool
    court_authorisation: bool
    choices: list[AskedChoice]
    needs: int
    wishes: int
    wish_codes: dict[int, str]
    characteristics: int
    places: int
    has_origin: bool
    x: float
    y: float
    z: float


class Candidate:
    """An offer that a choice is about, judged: the bits of the reasons against it.

    `factors` are in the order of `model.FACTORS`, and `distance` is in km, below 0 where it is unknown; both are known
    once it is weighed (`order.weigh`). `terms` are the contracts that cover the child.
    """

    def __init__(self, offer: OfferFacts, choice: int, terms: list[Term], start: int, reference: int) -> None:
        self.offer = offer
        self.choice = choice
        self.terms = terms
        self.start = start
        self.reference = reference
        self.contract = NOT_COVERED
        self.years_off = 0
        self.reasons = 0
        self.distance = -1.0
        self.factors = NOT_WEIGHED
