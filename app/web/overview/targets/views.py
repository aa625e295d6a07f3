"""Target lines as the pages show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.insight.answers.schemas import Whose
from app.insight.answers.scopes import sees
from app.insight.keeping.areas import Area
from app.insight.targets.schemas import TargetOut
from app.insight.targets.tables import Bound
from app.kit.security.callers import Caller
from app.reference.lists import reference
from app.web.overview.areas import Option
from app.web.overview.history import Wording
from app.web.shell.words import day, number

_BOUNDS: Final[dict[Bound, str]] = {"at-most": "hooguit", "at-least": "minstens"}
BOUNDS: Final = [Option(code, f"{name.capitalize()} zoveel plekken") for code, name in _BOUNDS.items()]
ALL_CARE_TYPES: Final = "alle zorgvormen"


def _care_types(codes: Iterable[str]) -> str:
    known = reference().care_types
    return ", ".join(known[each].name.nl if each in known else each for each in codes)


def _points(points: Iterable[Mapping[str, Any]]) -> str:
    return "; ".join(f"{number(each['places'])} op {day(each['on'])}" for each in points)


FIELDS: Final = Wording(
    {
        "title": ("titel", str),
        "source": ("waar afgesproken", str),
        "careTypes": ("zorgvormen", _care_types),
        "providerId": ("aanbieder", str),
        "bound": ("grens", lambda code: _BOUNDS[code]),
        "points": ("punten", _points),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A target line: what it says, and where the real places are held against it; None where not for who looks."""

    id: str
    title: str
    whose: str
    of: str
    provider: str | None
    points: Sequence[str]
    source: str
    figure: str | None
    is_own: bool
    withdrawn: str | None


def line_of(out: TargetOut, providers: Mapping[str, str], caller: Caller) -> Line:
    """A target line in words, to this caller; `providers` are the names by id."""
    provider = str(out.provider_id) if out.provider_id else None
    where = Whose(region=out.region, supraregion=out.supraregion)
    return Line(
        id=str(out.id),
        title=out.title,
        whose=_whose(out),
        of=_care_types(out.care_types) if out.care_types else ALL_CARE_TYPES,
        provider=providers.get(provider, provider) if provider else None,
        points=[f"{_BOUNDS[out.bound]} {number(each.places)} op {day(each.on)}" for each in out.points],
        source=out.source,
        figure=f"/overzicht/cijfers/plekken?streeflijn={out.id}" if sees(caller, where) else None,
        is_own=Area(out.region, out.supraregion) == Area.of(caller),
        withdrawn=out.why if out.withdrawn_at else None,
    )


def _whose(out: TargetOut) -> str:
    lists = reference()
    if out.region is not None:
        return f"jeugdregio {lists.regions[out.region].name}" if out.region in lists.regions else out.region
    known = lists.supraregions.get(out.supraregion or "")
    return f"bovenregio {known.name}" if known else out.supraregion or ""
