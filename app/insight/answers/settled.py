"""What was decided of a period in a form that is kept: no more than what an answer asks of it.

Of each place a letter for each count of the resource, in their order: `e` for five children or more, `f` for none, `-`
for what is suppressed. {"places": {"region=JZ03": "e-f"}, "untold": {"care-type": "--"}} says of JZ03 that there are
five or more of the first count, and that by care type the first two are not told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from app.insight.answers.decisions import Decided, breakdowns_of, counts_of
from app.insight.answers.definitions import Resource
from app.insight.suppression.lattice import FEWEST
from app.insight.suppression.published import Published

_AWAY: Final = "-"
_ENOUGH: Final = "e"
_NONE: Final = "f"


class Telling(Protocol):
    """What may be told of a period."""

    def withheld(self, place: Mapping[str, str]) -> frozenset[str]:
        """The counts of a place that are suppressed, or not told. Raises LookupError for a place nobody can ask of."""

    def has_enough(self, name: str, place: Mapping[str, str]) -> bool:
        """Whether a middle over these children may be published, of whom a count is: 5 or more."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision that was kept; answers as the decision does."""

    names: tuple[str, ...]
    kept: Mapping[str, Any]

    def withheld(self, place: Mapping[str, str]) -> frozenset[str]:
        """As of `Telling`."""
        untold = self.kept["untold"][_breakdown(place)]
        letters = self.kept["places"].get(_key(place), _NONE * len(self.names))
        return frozenset(
            name for name, away, letter in zip(self.names, untold, letters, strict=True) if _AWAY in {away, letter}
        )

    def has_enough(self, name: str, place: Mapping[str, str]) -> bool:
        """As of `Telling`."""
        letters = self.kept["places"].get(_key(place))
        return letters is not None and letters[self.names.index(name)] == _ENOUGH


def settled(resource: Resource, kept: Mapping[str, Any]) -> Settled:
    """What was kept of a resource."""
    return Settled(counts_of(resource), kept)


def to_keep(resource: Resource, decided: Decided) -> dict[str, Any]:
    """A decision as it is kept."""
    names, asked = counts_of(resource), frozenset(breakdowns_of(resource))
    places: dict[str, list[str]] = {}
    kept_as: dict[Published, dict[str, int]] = {}
    for number, name in enumerate(names):
        if (published := decided.published.get(name)) is not None:
            kept_as.setdefault(published, {})[decided.published_as(name)] = number
    for published, numbers in kept_as.items():
        for cell, count in published.counts():
            if cell.measure in numbers and cell.breakdown in asked:
                letters = places.setdefault(_key(dict(cell.place)), [_NONE] * len(names))
                letters[numbers[cell.measure]] = _AWAY if count is None else _ENOUGH if count >= FEWEST else _NONE
    untold = {
        _breakdown(each): "".join(_AWAY if each in decided.untold[name] else _NONE for name in names)
        for each in breakdowns_of(resource)
    }
    return {"places": {key: "".join(letters) for key, letters in places.items()}, "untold": untold}


def _key(place: Mapping[str, str]) -> str:
    return "&".join(f"{name}={place[name]}" for name in sorted(place))


def _breakdown(names: Mapping[str, str] | frozenset[str]) -> str:
    return "&".join(sorted(names))
