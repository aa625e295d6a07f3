"""Alerts and the dashboard ask for metrics that the service has, and every alert says what to do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client import REGISTRY

from app.kit.monitoring import metrics

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "scripts/deploy/monitoring"
OTHERS = {"up"}
"""Metrics that Prometheus makes itself."""


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((MONITORING / "alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def expressions() -> Iterator[str]:
    """All that is asked of Prometheus."""
    for rule in rules():
        yield rule["expr"]
    for panel in json.loads((MONITORING / "dashboard.json").read_text())["panels"]:
        for target in panel["targets"]:
            yield target["expr"].replace("$__rate_interval", "5m")


def known() -> set[str]:
    """Every series of the service, and every rule that records one."""
    assert metrics.REQUESTS
    series = {sample for metric in REGISTRY.collect() for sample in _series(metric.name, metric.type)}
    return series | {rule["record"] for rule in rules() if "record" in rule} | OTHERS


def _series(name: str, kind: str) -> set[str]:
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
    return {f"{name}{suffix}" for suffix in suffixes.get(kind, ())}


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_is_promql_over_metrics_that_are_there(expression: str) -> None:
    promql_parser.parse(expression)
    names = set(re.findall(r"\b(?:wijzer[a-z0-9_:]*|up)\b(?=[\[{)\s]|$)", re.sub(r'"[^"]*"', '""', expression)))
    assert names
    assert names <= known()


@pytest.mark.parametrize("rule", [each for each in rules() if "alert" in each], ids=lambda each: str(each["alert"]))
def test_an_alert_leads_to_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    page, _, heading = rule["annotations"]["runbook"].partition("#")
    assert heading == rule["alert"].lower()
    assert f"\n### {rule['alert']}\n" in (ROOT / page).read_text()


def test_no_part_of_the_page_is_of_an_alert_that_is_gone() -> None:
    headings = re.findall(r"^### (Wijzer\w+)$", (ROOT / "docs/monitoring.md").read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(each["alert"] for each in rules() if "alert" in each)
