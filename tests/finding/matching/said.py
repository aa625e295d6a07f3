"""What the lines of an answer say of offers, without a catalogue: only their sentences and warnings are looked at."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import orjson

from app.domain.language import Language
from app.finding.matching.wording.sayings import sayings_of
from app.finding.matching.wording.warnings import watched_from
from app.ranking.lines import Particulars, result_lines
from app.ranking.model import Described, Offer, Policy, Request
from app.ranking.rank import judged


def said_of(
    request: Request,
    offers: Sequence[Offer],
    language: Language,
    *,
    today: date,
    policy: Policy = "timely-first",
    due: int = 0,
    most: int = 20,
) -> list[dict[str, Any]]:
    """The results for the request, best first, as they are answered; `due` as `availability.unconfirmed` gives it."""
    provider, available = SimpleNamespace(shown=b"{}"), SimpleNamespace(shown=b"{}", due=due)
    shown = [SimpleNamespace(shown=b"{}", provider=provider, available=available) for _ in offers]
    ranking = judged(request, offers, cast("list[Described]", shown), today=today, policy=policy)
    sayings = sayings_of(request, ranking.norm, language, ranking.asked)
    particulars = Particulars({}, set(), None, None, watched_from(request.child.birth_month).toordinal())
    fitting, _ = ranking.front(most)
    found: list[dict[str, Any]] = orjson.loads(
        result_lines(fitting, most, ranking.order, shown, ranking.asked, sayings, particulars)
    )
    return found
