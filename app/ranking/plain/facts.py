"""What the rules ask of a request and of an offer, in numbers: days as by `date.toordinal`, codes as bits.

A compiler (mypyc) makes of these classes what they are in C, so their fields have the plainest types that do.
"""

from typing import Final

NEVER: Final = 1 << 30
"""The day of what has no end, and of a start that is unknown: later than any."""
LONG_AGO: Final = -(1 << 30)
"""The day of a report that there never was."""
NOT_GIVEN: Final = -1
"""A wait or a total that is not given."""


class OfferFacts:
    """What the rules ask of an offer. `report` fields are those of its capacity; see `app.ranking.model`."""

    def __init__(
        self,
        number: int,
        order: int,
        age_min: int,
        age_max: int,
        genders: int,
        specialisations: int,
        exclusion_criteria: int,
        at_home: bool,
        needs_court_authorisation: bool,
        has_place: bool,
        x: float,
        y: float,
        z: float,
        in_hours: bool,
        reported: bool,
        accepts_referrals: bool,
        observed_on: int,
        places_total: float,
        room: float,
        next_free_on: int,
        wait_days: int,
    ) -> None:
        self.number = number  # what the caller knows it by
        self.order = order  # of its id as text
        self.age_min = age_min
        self.age_max = age_max
        self.genders = genders
        self.specialisations = specialisations
        self.exclusion_criteria = exclusion_criteria
        self.at_home = at_home
        self.needs_court_authorisation = needs_court_authorisation
        self.has_place = has_place
        self.x = x  # these three: of its place on a sphere of radius 1
        self.y = y
        self.z = z
        self.in_hours = in_hours
        self.reported = reported
        self.accepts_referrals = accepts_referrals
        self.observed_on = observed_on
        self.places_total = places_total
        self.room = room  # free places that nobody waits for
        self.next_free_on = next_free_on
        self.wait_days = wait_days


class Term:
    """A contract that covers the child, in force from its first to its last day."""

    def __init__(self, kind: int, ceiling_reached: bool, exempts_measure: bool, starts_on: int, ends_on: int) -> None:
        self.kind = kind
        self.ceiling_reached = ceiling_reached
        self.exempts_measure = exempts_measure
        self.starts_on = starts_on
        self.ends_on = ends_on


class Closed:
    """A placement stop that binds the child, in force from its first to its last day."""

    def __init__(self, starts_on: int, ends_on: int) -> None:
        self.starts_on = starts_on
        self.ends_on = ends_on


class Asked:
    """The request in these terms. `most_km` has a number for each choice, or is empty where no choice has one."""

    def __init__(
        self,
        today: int,
        limit: int,
        birth_month: int,
        gender: int,
        needs: int,
        wishes: int,
        characteristics: int,
        court_authorisation: bool,
        has_measure: bool,
        places: int,
        has_origin: bool,
        x: float,
        y: float,
        z: float,
        most_km: list[float],
    ) -> None:
        self.today = today
        self.limit = limit
        self.birth_month = birth_month  # months since the year 0
        self.gender = gender  # 0 where it is unknown
        self.needs = needs
        self.wishes = wishes
        self.characteristics = characteristics
        self.court_authorisation = court_authorisation
        self.has_measure = has_measure
        self.places = places
        self.has_origin = has_origin
        self.x = x
        self.y = y
        self.z = z
        self.most_km = most_km
