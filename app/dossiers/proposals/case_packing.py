"""The case of a proposal written as a file (`case_file`), compressed, while only a part of it is in memory as text."""

import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import orjson

from app import VERSION
from app.allocation.model import NEED_CODES, RULES, Beyond, Case, Child, KeptOut, Proposal
from app.dossiers.proposals.case_outcome import write_proposal
from app.ranking.model import RULES as RANKING_RULES

_LEVEL: Final = 1
"""Of the compression; at higher ones it takes three times as long for a third fewer bytes."""


def pack_case(case: Case, proposal: Proposal) -> bytes:
    """The case with its outcome as a file in the shape of `ProposalCase`, compressed by zlib."""
    packer = zlib.compressobj(_LEVEL)
    return b"".join([*map(packer.compress, _pieces(case, proposal)), packer.flush()])


def _pieces(case: Case, proposal: Proposal) -> Iterator[bytes]:
    """The file in pieces: a child each, between what stands before and after them."""
    yield orjson.dumps(_without_children(case, proposal))[:-1] + b',"children":['
    offers = [b'{"offer":' + orjson.dumps(each.offer) for each in case.places]
    rests: dict[tuple[int, ...], bytes] = {}
    for at, child in enumerate(case.children):
        records = case.candidates[case.first[at] : case.first[at + 1]].tolist()
        candidates = b",".join([offers[record[0]] + _rest(record[1:], rests) for record in records])
        comma = b"," if at else b""
        yield comma + orjson.dumps(_facts(child))[:-1] + b',"candidates":[' + candidates + b"]}"
    yield b"]}"


def _without_children(case: Case, proposal: Proposal) -> dict[str, Any]:
    return {
        "rules": RULES,
        "rankingRules": RANKING_RULES,
        "productVersion": VERSION,
        "today": case.today,
        "horizon": case.horizon,
        "method": case.method,
        "seed": case.seed,
        "changes": case.changes,
        "places": [{"offer": each.offer, "places": each.places} for each in case.places],
        "expected": write_proposal(proposal),
    }


def _facts(child: Child) -> dict[str, Any]:
    return {
        "id": child.id,
        "dueOn": child.due_on,
        "waitingSince": child.waiting_since,
        "crisis": child.crisis,
        "measure": child.measure,
        "group": child.group,
        "places": child.places,
        "beyond": child.beyond and _beyond(child.beyond),
        "keptOut": child.kept_out and _kept_out(child.kept_out),
    }


def _beyond(beyond: Beyond) -> dict[str, Any]:
    return {"offer": beyond.offer, "startsOn": beyond.starts_on, "needs": beyond.needs}


def _kept_out(kept_out: KeptOut) -> dict[str, Any]:
    return {"offers": kept_out.offers, "reason": kept_out.reason, "byReason": kept_out.by_reason}


def _rest(record: tuple[int, ...], written: dict[tuple[int, ...], bytes]) -> bytes:
    """All that is said of a candidate but its offer: written once for the many that have the same."""
    found = written.get(record)
    if found is None:
        start, distance, choice, wishes, needs = record
        rest = {
            "choice": choice,
            "startsOn": date.fromordinal(start),
            "distance": distance,
            "wishes": wishes,
            "needs": NEED_CODES[needs],
        }
        found = written[record] = b"," + orjson.dumps(rest)[1:]
    return found
