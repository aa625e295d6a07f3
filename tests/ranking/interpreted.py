"""Ranks cases with the rules as Python, whether they are compiled or not: a line of JSON in, a line of JSON out.

    python -m tests.ranking.interpreted

What would load compiled rules is replaced before anything asks for it.
"""

import json
import sys
from types import ModuleType


def without_compiled() -> None:
    """From now on the rules that are loaded are the source itself."""
    stand_in = ModuleType("app.ranking.compiled")
    stand_in.use_compiled = lambda *_: "a test asks for the source"  # type: ignore[attr-defined]
    sys.modules["app.ranking.compiled"] = stand_in


def answer(line: str) -> str:
    """The outcome of a case as it is written."""
    from app.finding.matching.case_file import read_case  # noqa: PLC0415 - after `without_compiled`
    from app.finding.matching.case_outcome import write_outcome  # noqa: PLC0415 - as above
    from app.ranking.rank import rank  # noqa: PLC0415 - as above

    case = read_case(json.loads(line))
    return json.dumps(write_outcome(rank(case.request, case.offers, today=case.today, policy=case.policy)))


if __name__ == "__main__":
    without_compiled()
    for asked in sys.stdin:
        print(answer(asked), flush=True)
