"""The contracts of providers, looked up by the region whose children they cover."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from app.finding.catalogue.records import numbers
from app.kit.database.sessions import Record
from app.ranking.facts import Term
from app.ranking.facts_of_offers import term_of
from app.ranking.model import CONTRACT_KINDS, Contract
from app.reference.lists import reference

Intern = Callable[[frozenset[str]], frozenset[str]]
NO_TERMS: Final[list[Term]] = []
"""What a provider without contracts in a region has there; nothing is ever added to it."""


def terms_of(contracts: Iterable[Record], intern: Intern) -> list[Term]:
    """Those of a kind that this version knows: it can rank no other. `intern` gives the one set of these codes."""
    return [_term(row, intern) for row in contracts if row["kind"] in CONTRACT_KINDS]


def _term(row: Record, intern: Intern) -> Term:
    return term_of(
        Contract(
            kind=row["kind"],
            starts_on=row["valid_from"],
            ends_on=row["valid_to"],
            regions=intern(frozenset(row["regions"])),
            municipalities=intern(frozenset(row["municipalities"])),
            care_types=None if row["care_types"] is None else intern(frozenset(row["care_types"])),
            ceiling_reached=row["ceiling_reached"],
            ceiling_exempts_measure=row["ceiling_exempts_measure"],
        )
    )


def regions_of(term: Term) -> set[str]:
    """The regions of whose children it covers some; of those that this version knows."""
    known, regions = reference().municipalities, numbers().regions
    own = {known[code].region for code in term.municipalities if code in known}
    return own.union(code for code in term.regions if code in regions)


class Terms:
    """All contracts that are known: by region and then by the number of the provider."""

    def __init__(self) -> None:
        self._by_region: dict[str, dict[int, list[Term]]] = defaultdict(dict)

    def replace(self, provider: int, terms: Iterable[Term]) -> None:
        """Puts these in the place of the provider's own."""
        for own in self._by_region.values():
            own.pop(provider, None)
        for term in terms:
            for region in regions_of(term):
                self._by_region[region].setdefault(provider, []).append(term)

    def of(self, region: str) -> Mapping[int, list[Term]]:
        """The contracts of each provider that cover children of the region."""
        return self._by_region.get(region, {})
