"""What goes into a ranking and what comes out of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, NamedTuple, Protocol, get_args

from app.domain.dates import YearMonth
from app.domain.geo import Point

Gender = Literal["female", "male", "other"]
ChildGender = Literal[Gender, "unknown"]
ContractKind = Literal["regional", "supraregional", "national", "light"]
Policy = Literal["timely-first", "choice-first", "soonest-first", "nearest-first"]
WaitSource = Literal["stated", "expected"]
Reason = Literal[
    "not-contracted",
    "budget-ceiling",
    "placement-stop",
    "closed-to-referrals",
    "age",
    "gender",
    "needs",
    "exclusion-criterion",
    "court-authorisation",
    "outside-service-area",
    "too-far",
    "too-few-places",
    "declined-earlier",
]
Need = Literal["light-contract", "ceiling-exception", "longer-distance", "provider-consent", "ask-again"]
Unit = Literal["places", "trajectories", "hours-per-week"]
Factor = Literal["delay", "choice", "wishes", "contract", "wait", "distance", "start", "age-of-report"]
Decider = Factor | Literal["id"]

RULES: Final = 2
"""The version of the rules, which cases, kept rankings and answers say; whoever changes a rule raises it here.

Version 1 is of release 1.0.0 and of before December 2026.
"""
PREVENTIVE: Final = "31"
"""The type of measure (CBS) that sets no norm and exempts from no ceiling: the preventive judicial framework."""

GENDERS: Final[tuple[Gender, ...]] = get_args(Gender)
CHILD_GENDERS: Final[tuple[ChildGender, ...]] = get_args(ChildGender)
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
CONTRACT_KINDS: Final[tuple[ContractKind, ...]] = get_args(ContractKind)
POLICIES: Final[tuple[Policy, ...]] = get_args(Policy)
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
NEEDS: Final[tuple[Need, ...]] = get_args(Need)
FACTORS: Final[tuple[Factor, ...]] = get_args(Factor)


@dataclass(frozen=True, slots=True)
class Measure:
    """A child-protection measure (kinderbeschermingsmaatregel); `type` is its code at CBS."""

    type: str
    imposed_on: date


@dataclass(frozen=True, slots=True)
class Child:
    """`municipality` is the responsible one (woonplaatsbeginsel, Jeugdwet art. 1.1), `region` its jeugdregio.

    `origin` is the point that a distance is counted from, or None where that is unknown.
    """

    birth_month: YearMonth
    gender: ChildGender
    municipality: str
    region: str
    origin: Point | None = None
    measure: Measure | None = None
    court_authorisation: bool = False

    @property
    def binding_measure(self) -> Measure | None:
        """Its measure, of which a preventive one counts as none."""
        return None if self.measure is None or self.measure.type == PREVENTIVE else self.measure


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of help that suits the child, at a named offer or provider or at any."""

    care_type: str
    offer_id: str | None = None
    provider_id: str | None = None
    max_distance_km: float | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    """An earlier refusal of the child by an offer; `reason` is a code of the decline reasons."""

    offer_id: str
    declined_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class GrantedException:
    """An exception that was granted for this child: the reason is not held against the offer."""

    offer_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Request:
    """`choices` in order of preference; `needs` an offer must have, `wishes` it had better have.

    `characteristics` are held against an offer's exclusion criteria; `places` are needed together; `declines` are
    earlier refusals of this child, and `exceptions` what is not held against offers for it, in any order.
    """

    child: Child
    choices: tuple[Choice, ...]
    needs: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    characteristics: frozenset[str] = frozenset()
    places: int = 1
    needed_by: date | None = None
    declines: tuple[Decline, ...] = ()
    exceptions: tuple[GrantedException, ...] = ()


@dataclass(frozen=True, slots=True)
class Contract:
    """What covers the children of its regions and its municipalities, to its last day, if it has one.

    `care_types` is None for all.
    """

    kind: ContractKind
    starts_on: date
    ends_on: date | None = None
    regions: frozenset[str] = frozenset()
    municipalities: frozenset[str] = frozenset()
    care_types: frozenset[str] | None = None
    ceiling_reached: bool = False
    ceiling_exempts_measure: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """A placement stop (plaatsingsstop); `ends_on` is its last day, or None while it has no end."""

    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """A provider's report. Waits are in days: referral to intake, and intake to the first real help.

    `observed_at` must carry its offset from UTC. Places are in the unit of the offer; hours may be halves.
    An unknown number of children who wait counts as none.
    """

    observed_at: datetime
    places_free: float = 0
    waiting_count: int | None = 0
    places_total: float | None = None
    next_free_on: date | None = None
    wait_days_intake: int | None = None
    wait_days_treatment: int | None = None
    accepts_referrals: bool = True


@dataclass(frozen=True, slots=True)
class Location:
    """Where the help is; degrees are those of WGS84."""

    municipality: str
    latitude: float
    longitude: float

    @property
    def point(self) -> Point:
        """The point there."""
        return Point(self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class Offer:
    """Help that a provider has. Ages are whole years, inclusive; `service_area` is None for no limit.

    `at_home` says that the help comes to the child.
    """

    id: str
    provider_id: str
    care_type: str
    age_min: int
    age_max: int
    genders: frozenset[str]
    contracts: tuple[Contract, ...] = ()
    stops: tuple[Stop, ...] = ()
    capacity: Capacity | None = None
    location: Location | None = None
    at_home: bool = False
    service_area: frozenset[str] | None = None
    needs_court_authorisation: bool = False
    specialisations: frozenset[str] = frozenset()
    exclusion_criteria: frozenset[str] = frozenset()
    unit: Unit = "places"


class Described(Protocol):
    """What the words of an outcome ask of an offer: an `Offer`, or what a catalogue keeps of one."""

    @property
    def id(self) -> str: ...
    @property
    def care_type(self) -> str: ...
    @property
    def age_min(self) -> int: ...
    @property
    def age_max(self) -> int: ...
    @property
    def at_home(self) -> bool: ...
    @property
    def needs_court_authorisation(self) -> bool: ...
    @property
    def specialisations(self) -> frozenset[str]: ...


# The three below are tuples and not dataclasses, which cost four times as much to make. In all of them `choice`
# counts from 1, `expected_start` and `distance_km` (exact) are None where
# unknown, `contract` is the kind of the best contract that can be used or, where every ceiling is reached, of the
# best that covers the child, None where none does; `factors` are in the order of FACTORS, and `within_norm` says
# that the start is known and not after the limit.


class Result(NamedTuple):
    """A candidate that stays in. `decided_by` is the first factor on which it beats the next; None for the last."""

    offer: Described
    choice: int
    expected_start: date | None
    reference_date: date
    distance_km: float | None
    contract: ContractKind | None
    factors: tuple[int, ...]
    within_norm: bool
    decided_by: Decider | None


class Exclusion(NamedTuple):
    """A candidate that is out, with every reason that applies, in the order of REASONS."""

    offer: Described
    choice: int
    expected_start: date | None
    reference_date: date
    distance_km: float | None
    contract: ContractKind | None
    factors: tuple[int, ...]
    within_norm: bool
    reasons: tuple[Reason, ...]


class Alternative(NamedTuple):
    """A candidate that is out for one reason only, which can be talked about."""

    offer: Described
    choice: int
    expected_start: date | None
    reference_date: date
    distance_km: float | None
    contract: ContractKind | None
    factors: tuple[int, ...]
    within_norm: bool
    reason: Reason
    needs: Need


Standing = Result | Exclusion | Alternative
"""Where a candidate stands, in or out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Results and alternatives best first, exclusions by the offer's id."""

    today: date
    policy: Policy
    deadline: date
    limit: date
    results: tuple[Result, ...]
    excluded: tuple[Exclusion, ...]
    alternatives: tuple[Alternative, ...]
