"""The figures of insight, each defined in one place: what answers, `GET /insight/definitions` and the docs print."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from app.domain.language import Text

if TYPE_CHECKING:
    from app.insight.answers.questions import Gather

Kind = Literal["count", "share", "difference", "median", "p90", "number"]
"""How a figure comes about: counted; a part of a count; by how much one count is above another; the middle, or the
ninetieth percentile, of a sample; added up from what was reported, such as places."""

Source = Literal["dossiers", "supply"]
"""Where figures come from: what institutions keep of children, or what providers report."""

Dimension = Literal[
    "region",
    "supraregion",
    "municipality",
    "institution",
    "provider",
    "care-type",
    "kind",
    "reason",
    "criterion",
    "step",
    "referrer",
    "from-region",
    "to-region",
    "cause",
]
"""What figures are broken down by."""

DIMENSIONS: Final[dict[Dimension, Text]] = {
    "region": Text(nl="jeugdregio", en="region"),
    "supraregion": Text(nl="bovenregionaal verband", en="supraregion"),
    "municipality": Text(nl="gemeente", en="municipality"),
    "institution": Text(nl="instelling", en="institution"),
    "provider": Text(nl="aanbieder", en="provider"),
    "care-type": Text(nl="vorm van jeugdhulp", en="care type"),
    "kind": Text(nl="soort", en="kind"),
    "reason": Text(nl="reden", en="reason"),
    "criterion": Text(nl="criterium", en="criterion"),
    "step": Text(nl="trede", en="step"),
    "referrer": Text(nl="verwijzer", en="referrer"),
    "from-region": Text(nl="uit jeugdregio", en="from region"),
    "to-region": Text(nl="naar jeugdregio", en="to region"),
    "cause": Text(nl="oorzaak", en="cause"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: its name in the interface, what it says, and how it comes about.

    A `share` is `of` (the count above the line, that below it), a `difference` too: the one less the other, where that
    is more than 0. A `median` or `p90` is of the days in `sample`, which
    are as many as the count of that name. `parts` are the counts that add up to it. `is_of_children` says that a small
    number of it would point at somebody. `by` are the breakdowns in which it is told, None: all.
    """

    name: str
    title: Text
    definition: Text
    kind: Kind = "count"
    of: tuple[str, str] | None = None
    sample: str | None = None
    parts: tuple[str, ...] = ()
    is_of_children: bool = True
    by: frozenset[Dimension] | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """The count that `stands` at the end of a period is the one before it, with who `comes` and without who `goes`."""

    stands: str
    comes: str
    goes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """Counts of a resource that others tell too: those of `resource` that `gather` counts, which nobody asks for by its
    name. `names` pairs the name of each count with the one there; those there are of periods, or of their last day."""

    resource: "Resource"
    gather: "Gather"
    names: tuple[tuple[str, str], ...]
    is_of_last_day: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """A question that insight answers, `GET /v1/insight/{name}`, with its figures and what they are broken down by.

    `by` begins with what is taken where nothing is said. In the dimensions that are `overlapping` one child, or one
    referral, may be counted under several codes or under none, so that the rows need not add up to the total; in those
    that are `of_others` a region gets figures of other regions' children, of whom it sees no small counts.
    `other_source` is a second one that some of its figures come from. `flow` says how one of its counts comes about.
    `linked` are its counts that others tell too. `also` are counts that add up to one in another way than its `parts`;
    `within` are counts contained in one, each of other children, that leave some of it: `lessons` in `ended`. What
    contains a count stands before what that contains.
    """

    name: str
    title: Text
    question: Text
    source: Source
    by: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    overlapping: frozenset[Dimension] = frozenset()
    of_others: frozenset[Dimension] = frozenset()
    other_source: Source | None = None
    flow: Flow | None = None
    linked: tuple[Linked, ...] = ()
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()
    within: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its figures come from."""
        return (self.source,) if self.other_source is None else (self.source, self.other_source)

    @property
    def is_of_children(self) -> bool:
        """Whether a small number of any of its figures would point at somebody."""
        return any(each.is_of_children for each in self.measures)

    def not_by(self, by: Dimension) -> frozenset[str]:
        """The figures that there are not in this breakdown."""
        return frozenset(each.name for each in self.measures if each.by is not None and by not in each.by)

    def __iter__(self) -> Iterator[Measure]:
        return iter(self.measures)

    def measure(self, name: str) -> Measure:
        """One of its figures."""
        return next(each for each in self.measures if each.name == name)

    @property
    def counts(self) -> tuple[str, ...]:
        """The names of the figures that are added up."""
        return tuple(each.name for each in self.measures if each.kind in {"count", "number"})


def count(name: str, title: tuple[str, str], definition: tuple[str, str], *, parts: tuple[str, ...] = ()) -> Measure:
    """A count of children, or of what is of one child, such as a referral; texts are Dutch, English."""
    return Measure(name, Text(*title), Text(*definition), parts=parts)


def number(name: str, title: tuple[str, str], definition: tuple[str, str]) -> Measure:
    """What offers report, such as places, added up; None where nothing is known of any. It is of no child."""
    return Measure(name, Text(*title), Text(*definition), kind="number", is_of_children=False)


def of_no_child(*measures: Measure) -> tuple[Measure, ...]:
    """The same figures, of something of which a small number points at nobody: an offer, or what it reports."""
    return tuple(replace(each, is_of_children=False) for each in measures)


def told_by(by: Iterable[Dimension], measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """The same figures, told in these breakdowns alone; empty in others."""
    return tuple(replace(each, by=frozenset(by)) for each in measures)


def share(name: str, title: tuple[str, str], above: str, below: str) -> Measure:
    """Which part one count is of another, from 0 to 1; None where there is nothing to divide by."""
    definition = Text(f"{above} gedeeld door {below}.", f"{above} divided by {below}.")
    return Measure(name, Text(*title), definition, kind="share", of=(above, below))


def middle(name: str, title: tuple[str, str], definition: tuple[str, str], sample: str) -> tuple[Measure, Measure]:
    """The median and the ninetieth percentile, in days, of a sample that has the name of its count."""
    (nl, en), says = title, Text(*definition)
    return (
        Measure(f"{name}Median", Text(f"{nl}, mediaan", f"{en}, median"), says, kind="median", sample=sample),
        Measure(f"{name}P90", Text(f"{nl}, 90e percentiel", f"{en}, 90th percentile"), says, kind="p90", sample=sample),
    )
