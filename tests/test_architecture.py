"""The contracts of the house (import-linter): each is broken here by an import that it is there to refuse."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONTRACTS = {
    each["id"] for each in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}

_NOT_PURE = ["app.kit.errors", "fastapi", "pydantic", "sqlalchemy", "structlog", "logging", "random", "time", "os"]

REFUSED: dict[str, list[tuple[str, str]]] = {
    "house": [  # upwards, and what nobody named
        ("app/main.py", "import app.cli"),
        ("app/demo/plan.py", "import app.main"),
        ("app/event_schemas.py", "import app.health.service"),
        ("app/insight/answers/service.py", "import app.web.plots.plot"),
        ("app/dossiers/requests/service.py", "import app.insight.answers.service"),
        ("app/insight/plans/service.py", "import app.web.shell.words"),
        ("app/health/service.py", "import app.demo.plan"),
        ("app/standards/hsds/wording.py", "import app.dossiers.requests.service"),
        ("app/finding/search/service.py", "import app.standards.hsds.wording"),
        ("app/access/service.py", "import app.finding.search.service"),
        ("app/supply/offers/service.py", "import app.finding.search.service"),
        ("app/notifying/outbox/service.py", "import app.supply.offers.service"),
        ("app/reference/lists.py", "import app.notifying.outbox.service"),
        ("app/kit/errors.py", "import app.reference.lists"),
        ("app/settings.py", "import app.kit.errors"),
        ("app/domain/dates.py", "import app.settings"),
        ("app/unnamed/__init__.py", ""),
        ("app/unnamed_too.py", ""),
    ],
    "supply": [
        ("app/supply/offers/service.py", "import app.supply.capacity.service"),
        ("app/supply/unnamed/__init__.py", ""),
    ],
    "finding": [
        ("app/finding/catalogue/entries.py", "import app.finding.search.service"),
        ("app/finding/unnamed/__init__.py", ""),
    ],
    "dossiers": [
        ("app/dossiers/requests/service.py", "import app.dossiers.referrals.service"),
        ("app/dossiers/unnamed/__init__.py", ""),
    ],
    "insight": [
        ("app/insight/answers/service.py", "import app.insight.norms.service"),
        ("app/insight/targets/service.py", "import app.insight.plans.service"),
        ("app/insight/unnamed/__init__.py", ""),
    ],
    "web": [
        ("app/web/shell/words.py", "import app.web.sign_in.service"),
        ("app/web/children/rows.py", "import app.web.free_places.views"),
        ("app/web/plots/scales.py", "import app.web.map.drawing"),
        ("app/web/unnamed/__init__.py", ""),
    ],
    "standards": [
        ("app/standards/fhir/service.py", "import app.standards.scheduling_links.service"),
        ("app/standards/unnamed/__init__.py", ""),
    ],
    "notifying": [
        ("app/notifying/outbox/service.py", "import app.notifying.webhooks.service"),
        ("app/notifying/unnamed/__init__.py", ""),
    ],
    "kit": [
        ("app/kit/database/upserts.py", "import app.kit.http.respond"),
        ("app/kit/unnamed.py", ""),
    ],
    "feature": [
        ("app/supply/offers/service.py", "import app.supply.offers.endpoints"),
        ("app/dossiers/watches/repository.py", "import app.dossiers.watches.service"),
        ("app/access/tables.py", "import app.access.repository"),
        ("app/finding/matching/schemas.py", "import app.finding.matching.service"),
        ("app/health/repository.py", "import app.health.service"),
        ("app/web/sign_in/repository.py", "import app.web.sign_in.service"),
    ],
    "no-http": [  # in any module, by whichever way
        ("app/supply/capacity/place_movements.py", "import fastapi"),
        ("app/finding/catalogue/position.py", "from starlette.requests import Request"),
        ("app/dossiers/requests/clocks.py", "import app.kit.http.respond"),
        ("app/standards/hsds/views.py", "import app.kit.http.pagination"),
        ("app/notifying/webhooks/messages.py", "import httpx"),
        ("app/access/secrets.py", "import fastapi"),
        ("app/health/schemas.py", "import fastapi"),
        ("app/reference/schemas.py", "import fastapi"),
        ("app/client/push/state.py", "import starlette"),
        ("app/kit/versions.py", "import fastapi"),
        ("app/supply/offers/new.py", "import fastapi"),
        ("app/web/free_places/views.py", "import fastapi"),
    ],
    "endpoints": [
        ("app/supply/reminders/job.py", "import app.supply.providers.endpoints"),
        ("app/finding/search/service.py", "import app.finding.catalogue.dependencies"),
        ("app/web/free_places/views.py", "import app.web.shell.rendering"),
    ],
    "no-repository": [
        ("app/supply/offers/endpoints.py", "import app.supply.offers.repository"),
        ("app/dossiers/rankings/endpoints.py", "import app.dossiers.requests.repository"),
        ("app/access/endpoints.py", "import app.access.repository"),
        ("app/standards/hsds/endpoints.py", "import app.standards.hsds.repository"),
        ("app/health/endpoints.py", "import app.health.repository"),
        ("app/notifying/webhooks/endpoints.py", "import app.notifying.webhooks.delivery_repository"),
        ("app/finding/search/endpoints.py", "import app.finding.catalogue.repository"),
    ],
    "sql": [  # in any module
        ("app/supply/capacity/place_movements.py", "import sqlalchemy"),
        ("app/supply/offers/endpoints.py", "from sqlalchemy import select"),
        ("app/finding/catalogue/blocks.py", "import asyncpg"),
        ("app/dossiers/requests/clocks.py", "import sqlalchemy"),
        ("app/standards/hsds/views.py", "import sqlalchemy"),
        ("app/notifying/outbox/service.py", "import sqlalchemy"),
        ("app/access/secrets.py", "import sqlalchemy"),
        ("app/health/schemas.py", "import sqlalchemy"),
        ("app/reference/lists.py", "import sqlalchemy"),
        ("app/client/push/state.py", "import sqlalchemy"),
    ],
    "standards-apart": [
        ("app/standards/fhir/service.py", "import app.dossiers.agreements.steps"),
    ],
    "dossiers-private": [
        ("app/demo/plan.py", "import app.dossiers.requests.tables"),
        ("app/main.py", "import app.dossiers.watches.tables"),
    ],
    "pure": [
        *(("app/ranking/rank.py", f"import {name}") for name in _NOT_PURE),
        *(("app/domain/dates.py", f"import {name}") for name in _NOT_PURE),
        *(("app/insight/suppression/lattice.py", f"import {name}") for name in _NOT_PURE),
    ],
}
"""By contract: a file, and a line that may not be in it; a file that is new has no line."""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the code with its contracts."""
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _write(file: Path, line: str) -> None:
    """Adds a line to a file, which is made where it is not there."""
    file.parent.mkdir(exist_ok=True)
    with file.open("a") as opened:
        opened.write(f"\n{line}\n")


def _lint(house: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What the linter says of the code."""
    linter = Path(sys.executable).with_name("lint-imports")
    wide = {**os.environ, "COLUMNS": "300"}
    return subprocess.run(  # noqa: S603 - our own linter
        [linter, "--no-cache", *options], cwd=house, env=wide, capture_output=True, text=True, check=False
    )


def _named(file: str, line: str) -> str:
    """What the linter names where this line is refused: who imports what, or the module that has no place."""
    module = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    if not line:
        return f"- {module}\n"
    imported = line.split()[1]
    return f"{module} -> {imported if imported.startswith('app.') else imported.partition('.')[0]} (l."


def test_the_house_keeps_its_contracts(house: Path) -> None:
    done = _lint(house)
    assert done.returncode == 0, done.stdout
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in done.stdout


@pytest.mark.parametrize("contract", REFUSED)
def test_what_a_contract_is_there_to_refuse(house: Path, contract: str) -> None:
    for file, line in REFUSED[contract]:
        _write(house / file, line)
    done = _lint(house, "--contract", contract)
    assert "Contracts: 0 kept, 1 broken." in done.stdout, done.stdout + done.stderr
    assert [each for each in REFUSED[contract] if _named(*each) not in done.stdout] == [], done.stdout


def test_each_contract_is_proved() -> None:
    assert REFUSED.keys() == CONTRACTS


def test_nothing_hangs_on_the_application_but_its_typed_parts() -> None:
    files = [each for each in (ROOT / "app").rglob("*.py") if "app.state" in each.read_text()]
    assert [str(each.relative_to(ROOT)) for each in files] == ["app/kit/http/parts.py"]


def test_what_the_application_is_composed_of_is_reached_in_one_typed_way() -> None:
    """`app.state` has no types, so what hangs on it and what is asked of it can part without anybody noticing."""
    found = [str(file.relative_to(ROOT)) for file in (ROOT / "app").rglob("*.py") if "app.state" in file.read_text()]
    assert found == ["app/kit/http/parts.py"]
