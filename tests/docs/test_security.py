"""Each risk of the OWASP API Security Top 10 names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_each_risk_has_its_tests() -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (API\d+) [^|]+\|[^|]+\|([^|]+)\|$", page, re.MULTILINE)
    assert [risk for risk, _ in rows] == [f"API{number}" for number in range(1, 11)]
    for risk, named in rows:
        paths = re.findall(r"`(tests/[^`]+)`", named)
        assert paths, risk
        assert all((ROOT / path).exists() for path in paths), risk
