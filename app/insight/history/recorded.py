"""All that was recorded of some dossiers, and each of them as it was known at any moment. Pure.

As it was known at a moment, of each row the last version counts that is not later: of a request with versions of 1, 3
and 9 May, on 5 May that of the 3rd.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from app.insight.history.dossiers import NOWHERE, Dossier, Explained, Facts, Judgement, Place, Reopening, Stay
from app.insight.history.known_referrals import answers_that_stand

Said = TypeVar("Said")


class At(NamedTuple, Generic[Said]):
    """What was recorded at a moment."""

    at: datetime
    said: Said


Versions = dict[UUID, list[At[Facts]]]
"""The versions of rows by their ids, in the order in which they count."""


Event = tuple[datetime, str, Mapping[str, Any]]
"""What was decided on a referral: the moment, the decision, and what was said with it."""


@dataclass(slots=True)
class Recorded:
    """What was recorded: by request, by request and row, or by referral; `referrers` by organisation."""

    requests: Versions = field(default_factory=lambda: defaultdict(list))
    children: dict[UUID, Versions] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    referrals: Versions = field(default_factory=lambda: defaultdict(list))
    escalations: dict[UUID, Versions] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    reopenings: dict[UUID, list[At[Reopening]]] = field(default_factory=lambda: defaultdict(list))
    judgements: dict[UUID, list[At[Judgement]]] = field(default_factory=lambda: defaultdict(list))
    explained: dict[UUID, list[At[Explained]]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[UUID, list[Event]] = field(default_factory=lambda: defaultdict(list))
    despite: dict[UUID, list[At[str]]] = field(default_factory=lambda: defaultdict(list))
    places: Mapping[UUID, Place] = field(default_factory=dict)
    referrers: Mapping[UUID, str] = field(default_factory=dict)

    def known_at(self, request_id: UUID, moment: datetime) -> Dossier | None:
        """A dossier as it was known at that moment; None where it was not made yet."""
        request = _last(self.requests[request_id], moment)
        if request is None:
            return None
        escalations = [_last(each, moment) for each in self.escalations[request_id].values()]
        return Dossier(
            request_id=request_id,
            request=request,
            referrer=self.referrers[UUID(request["organisation_id"])],
            stays=self._stays(request_id, moment),
            escalations=sorted(filter(None, escalations), key=lambda each: str(each["opened_at"])),
            reopenings=_by_then(self.reopenings[request_id], moment),
            judgements=_by_then(self.judgements[request_id], moment),
            explained=_by_then(self.explained[request_id], moment),
        )

    def _stays(self, request_id: UUID, moment: datetime) -> list[Stay]:
        """The child in its referrals, the first sent first."""
        stays = []
        for referral_id, versions in self.children[request_id].items():
            child, referral = _last(versions, moment), _last(self.referrals[referral_id], moment)
            if child is not None and referral is not None:
                stays.append(self._stay(referral_id, child, referral, moment))
        return sorted(stays, key=lambda each: (str(each.referral["sent_at"]), str(each.referral["id"])))

    def _stay(self, referral_id: UUID, child: Facts, referral: Facts, moment: datetime) -> Stay:
        offer_id = referral["offer_id"]
        return Stay(
            child,
            referral,
            answers=answers_that_stand([each for each in self.answers[referral_id] if each[0] <= moment]),
            despite=tuple(sorted(set(_by_then(self.despite[referral_id], moment)))),
            place=self.places.get(UUID(offer_id), NOWHERE) if offer_id else NOWHERE,
        )


def _last(versions: Sequence[At[Facts]], moment: datetime) -> Facts | None:
    return next((each.said for each in reversed(versions) if each.at <= moment), None)


def _by_then(said: Iterable[At[Said]], moment: datetime) -> list[Said]:
    return [each.said for each in said if each.at <= moment]
