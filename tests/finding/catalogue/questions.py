"""Random questions about the made-up region."""

from datetime import timedelta
from random import Random
from typing import Any

from app.finding.matching.schemas import MatchRequest
from app.finding.search.schemas import AvailabilityQuery
from app.ranking.model import CHILD_GENDERS, GENDERS, POLICIES
from tests.finding.catalogue.dataset import (
    CARE_TYPES,
    CRITERIA,
    MUNICIPALITIES,
    POSTCODES,
    REGIONS,
    SPECIALISATIONS,
    TODAY,
)


class Asker:
    """Makes up questions; `offers` and `providers` are those that there are."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - a test is the same each time
        self.offers: list[str] = []
        self.providers: list[str] = []

    def _perhaps(self, value: Any, chance: float) -> Any:
        return value if self.random.random() < chance else None

    def _some(self, codes: tuple[str, ...], most: int) -> list[str]:
        return self.random.sample(codes, self.random.randint(0, most))

    def _choice(self) -> dict[str, Any]:
        return {
            "careType": self.random.choice(CARE_TYPES),
            "offerId": self._perhaps(self.random.choice(self.offers), 0.15),
            "providerId": self._perhaps(self.random.choice(self.providers), 0.2),
            "maxDistanceKm": self._perhaps(self.random.choice((0, 10, 50, 400)), 0.3),
        }

    def _decline(self) -> dict[str, Any]:
        return {
            "offerId": self.random.choice(self.offers),
            "declinedOn": (TODAY - timedelta(days=self.random.choice((0, 1, 2, 20, 27, 28)))).isoformat(),
            "reason": self.random.choice(("no-place", "staff-shortage", "need-too-heavy")),
        }

    def match(self) -> MatchRequest:
        """A question for a ranking."""
        choose, home = self.random.choice, self.random.choice(POSTCODES)
        imposed_on = choose(("2026-06-01", "2026-09-01", "2026-10-30", TODAY.isoformat()))
        return MatchRequest.model_validate(
            {
                "child": {
                    "birthMonth": f"{self.random.randint(2009, 2024)}-{self.random.randint(1, 12):02}",
                    "gender": choose(CHILD_GENDERS),
                    "municipality": choose(MUNICIPALITIES),
                    "postcode": self._perhaps(home.pc4, 0.8),
                    "measure": self._perhaps({"type": choose(("21", "31")), "imposedOn": imposed_on}, 0.6),
                    "courtAuthorisation": self.random.random() < 0.2,
                },
                "choices": [self._choice() for _ in range(choose((1, 1, 2, 3)))],
                "needs": self._some(SPECIALISATIONS, 1),
                "wishes": self._some(SPECIALISATIONS, 2),
                "characteristics": self._some(CRITERIA, 1),
                "places": choose((1, 1, 1, 2, 3)),
                "neededBy": self._perhaps(choose(("2026-11-23", "2027-01-15")), 0.2),
                "declines": [self._decline() for _ in range(choose((0, 0, 1, 5)))],
                "policy": choose(POLICIES),
                "limit": choose((1, 3, 20, 200)),
            }
        )

    def search(self) -> AvailabilityQuery:
        """A question for free places."""
        choose, postcode = self.random.choice, self._perhaps(self.random.choice(POSTCODES).pc4, 0.6)
        return AvailabilityQuery.model_validate(
            {
                "careType": self._some(CARE_TYPES, 3),
                "region": self._some(REGIONS, 1),
                "municipality": self._some(MUNICIPALITIES, 2) if self.random.random() < 0.2 else [],
                "supraregion": self._perhaps("noord-holland", 0.1),
                "places": choose((1, 1, 1, 2, 3)),
                "crisis": self._perhaps(choose((True, False)), 0.1),
                "characteristic": self._some(CRITERIA, 1),
                "contractedFor": self._perhaps(choose((*REGIONS, *MUNICIPALITIES)), 0.5),
                "postcode": postcode,
                "radiusKm": self._perhaps(choose((5, 30, 100)), 0.3) if postcode else None,
                "age": self._perhaps(self.random.randint(0, 20), 0.3),
                "gender": self._perhaps(choose(GENDERS), 0.3),
                "specialisation": self._some(SPECIALISATIONS, 1),
                "status": self._some(("free", "soon", "waiting", "unknown", "closed"), 3),
                "provider": self._perhaps(choose(self.providers), 0.05),
                "sort": choose(("soonest", "nearest", "freshest") if postcode else ("soonest", "freshest")),
                "limit": choose((2, 7, 50, 200)),
            }
        )
