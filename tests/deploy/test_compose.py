"""compose.yaml hands out secrets by name alone, and none of the owner of the tables to what serves."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy.engine import make_url

ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


def variables(value: object) -> set[str]:
    """The variables of .env that are put in."""
    return set(re.findall(r"\$\{(\w+)", yaml.safe_dump(value)))


def url_of(service: str) -> str:
    """DATABASE_URL, with the names of variables in the place of their values."""
    return re.sub(r"\$\{(\w+)[^}]*\}", r"\1", SERVICES[service]["environment"]["DATABASE_URL"])


def test_the_service_has_nothing_of_the_owner() -> None:
    api = SERVICES["api"]
    owner, owners_password = make_url(url_of("migrate")).username, make_url(url_of("migrate")).password
    assert (owner, owners_password) == (SERVICES["database"]["environment"]["POSTGRES_USER"], "POSTGRES_PASSWORD")
    assert make_url(url_of("api")).username != owner
    assert variables(api) == {"SERVICE_PASSWORD", "PORT"}
    assert owners_password not in api["environment"], "a name without a value is taken from .env"
    assert not api.keys() & {"env_file", "secrets", "configs", "volumes", "command", "entrypoint"}


def test_the_login_of_the_service_is_the_one_that_migrating_makes() -> None:
    login = make_url(url_of("api"))
    assert SERVICES["migrate"]["command"] == ["migrate", "--login", login.username]
    assert variables(SERVICES["migrate"]["environment"]["LOGIN_PASSWORD"]) == {login.password}
    assert SERVICES["api"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_stands_in_the_file(service: str) -> None:
    for name, value in SERVICES[service].get("environment", {}).items():
        if "PASSWORD" in name or "KEY" in name or "SECRET" in name:
            assert value is None or re.fullmatch(r"\$\{\w+:\?set it in \.env\}", value), name
        if value is not None and "://" in value:
            assert re.search(r"://\w+:\$\{\w+:\?set it in \.env\}@", value), name
