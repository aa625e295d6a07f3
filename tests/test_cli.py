"""The `wijzer` command, run in this process."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy.engine import make_url
from typer.testing import CliRunner, Result

from app.cli import main
from app.kit.database import migrations
from app.kit.security.callers import Role
from app.settings import Settings
from tests.access.keys import pem, private_key
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.world import World, problem

VECTORS = sorted((Path(__file__).parent / "vectors").glob("*.json"))
ELSEWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"
DEMO = {"DATABASE_URL": ELSEWHERE, "DEMO": "true"}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def run(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), env=environment)


def succeed(*arguments: str | Path, **environment: str) -> str:
    """What a command that must succeed writes."""
    result = run(*arguments, **environment)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return str(result.stdout)


def fail(code: int, *arguments: str | Path, **environment: str) -> str:
    """What a command that must fail says, without a word of Python."""
    result = run(*arguments, **environment)
    assert result.exit_code == code, repr(result.exception)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return str(result.stderr)


# --- settings


@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["seed"], ["token", "--role", "admin"]])
def test_says_which_setting_is_missing(command: list[str]) -> None:
    assert fail(2, *command).startswith("DATABASE_URL: ")
    assert "SIGNING_KEY is missing" in fail(2, *command, DATABASE_URL=ELSEWHERE)
    assert fail(2, *command, **DEMO, WORKERS="veel").startswith("WORKERS: ")


def test_says_all_that_is_wrong_and_no_secret() -> None:
    said = fail(2, "serve", DATABASE_URL="postgresql://u:geheim@h/d", WORKERS="0", LOG_LEVEL="loud")
    assert {line.partition(":")[0] for line in said.splitlines()} >= {"WORKERS", "LOG_LEVEL"}
    assert "geheim" not in said


# --- rank


def test_there_are_worked_examples() -> None:
    assert len(VECTORS) == 18


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_ranks_a_worked_example(path: Path) -> None:
    assert json.loads(succeed("rank", path)) == json.loads(path.read_bytes())["expected"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Expecting value"),
        ("{", "Expecting property name"),
        ("[]", "valid dictionary"),
        ("null", "valid dictionary"),
        ("{}", "version 1 of the rules, which release 1.0.0 ranks"),
        ('{"rules": 3}', "this release ranks version 2"),
        ('{"rules": 2}', "/request: Field required"),
        ('{"rules": 2, "today": "gisteren"}', "/today: Input should be a date"),
        ('{"rules": 2, "leeftijd": 12}', "/leeftijd: "),
        (b'{"today": "\xff"}', "codec"),
    ],
)
def test_refuses_a_file_that_is_no_case(tmp_path: Path, content: str | bytes, said: str) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    message = fail(2, "rank", path)
    assert message.startswith(f"{path}: ")
    assert said in message


def test_says_where_a_case_is_wrong(tmp_path: Path) -> None:
    case: dict[str, Any] = json.loads(VECTORS[0].read_bytes())
    case["request"]["child"]["gender"] = "unsaid"
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case))
    assert "/request/child/gender" in fail(2, "rank", path)


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "nothing.json" in fail(2, "rank", tmp_path / "nothing.json")
    assert str(tmp_path) in fail(2, "rank", tmp_path)


# --- propose

PROPOSALS = sorted((Path(__file__).parent / "allocation" / "vectors").glob("*.json"))


@pytest.mark.parametrize("path", PROPOSALS, ids=lambda path: path.stem)
def test_proposes_a_worked_example(path: Path) -> None:
    said = succeed("propose", path)
    assert json.loads(said) == json.loads(path.read_bytes())["expected"]
    assert succeed("propose", path) == said


def test_another_machine_proposes_the_same_to_the_byte() -> None:
    elsewhere = {"PYTHONHASHSEED": "12345", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "app.cli", "propose", str(PROPOSALS[0])]
    made = subprocess.run(command, env=os.environ | elsewhere, capture_output=True, check=True)  # noqa: S603 - our own
    assert made.stdout.decode() == succeed("propose", PROPOSALS[0])


def test_a_proposal_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    wrong = tmp_path / "case.json"
    wrong.write_text(json.dumps({**json.loads(PROPOSALS[0].read_bytes()), "horizon": "2020-01-01"}))
    assert "/horizon: lies before today" in fail(2, "propose", wrong)
    wrong.write_text("{")
    assert str(wrong) in fail(2, "propose", wrong)
    assert "nothing.json" in fail(2, "propose", tmp_path / "nothing.json")


# --- push


def test_a_secret_has_no_place_on_a_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WIJZER_CLIENT_SECRET", raising=False)
    command: list[str | Path] = ["push", tmp_path / "a.csv", "--url", "https://example.org", "--client", "duinen"]
    assert "WIJZER_CLIENT_SECRET is missing" in fail(2, *command)
    assert "No such option" in fail(2, *command, "--secret", "geheim")
    assert "a.csv" in fail(2, *command, WIJZER_CLIENT_SECRET="geheim")


def test_pushes_at_most_as_many_lines_as_a_call_takes(tmp_path: Path) -> None:
    command: list[str | Path] = [
        "push",
        tmp_path / "a.csv",
        "--url",
        "https://example.org",
        "--client",
        "duinen",
        "--lines",
    ]
    for lines in ("0", "5001"):
        assert "--lines" in fail(2, *command, "--lines", lines, WIJZER_CLIENT_SECRET="geheim")


# --- token


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--role", "admin"], {"role": "admin", "clientId": "wijzer-token"}),
        (["--role", "gi", "--institution", "JBRA", "--client", "proef"], {"institution": "JBRA", "clientId": "proef"}),
        (["--role", "region", "--region", "JZ03"], {"role": "region", "region": "JZ03"}),
        (["--role", "region", "--region", "JZ03", "--right", "expert-team"], {"rights": ["expert-team"]}),
        (["--role", "supraregion", "--supraregion", "noord-holland"], {"supraregion": "noord-holland"}),
        (["--role", "provider", "--provider", str(UUID(int=7))], {"providerId": str(UUID(int=7))}),
        (["--role", "inspectorate", "--organisation", str(UUID(int=8))], {"organisationId": str(UUID(int=8))}),
    ],
)
async def test_gives_a_token_that_opens_the_api(world: World, options: list[str], expected: dict[str, str]) -> None:
    token = succeed("token", *options, **DEMO).strip()
    me = await world.ok(world.http.get("/v1/me", headers={"Authorization": f"Bearer {token}"}))
    assert expected.items() <= me.items()


async def test_signs_it_with_the_key_of_the_service(
    world: World, settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> None:
    key = pem(private_key("cli"))
    for written in (key, key.replace("\n", "\\n")):
        token = succeed("token", "--role", "admin", DATABASE_URL=ELSEWHERE, SIGNING_KEY=written).strip()
        headers = {"Authorization": f"Bearer {token}"}
        problem(await world.http.get("/v1/me", headers=headers), 401, "unauthenticated")
        production = settings.model_copy(update={"demo": False, "signing_key": SecretStr(key)})
        async with serving(production, database, clock) as other:
            assert (await other.http.get("/v1/organisations", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "--role"),
        (["--role", "minister"], "minister"),
        (["--role", "admin", "--minutes", "0"], "--minutes"),
        (["--role", "admin", "--minutes", "61"], "--minutes"),
        (["--role", "admin", "--organisation", "x"], "--organisation"),
    ],
)
def test_refuses_a_token_that_cannot_be(options: list[str], said: str) -> None:
    assert said in fail(2, "token", *options, **DEMO)


def test_every_role_can_have_a_token() -> None:
    owned = {
        Role.PROVIDER: ["--provider", str(uuid4())],
        Role.REGION: ["--region", "JZ03"],
        Role.SUPRAREGION: ["--supraregion", "noord-holland"],
    }
    tokens = [succeed("token", "--role", role.value, *owned.get(role, []), **DEMO).strip() for role in Role]
    assert all(token.count(".") == 2 for token in tokens)


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.REGION, Role.SUPRAREGION])
def test_a_token_has_what_its_role_owns(role: Role) -> None:
    assert run("token", "--role", role.value, **DEMO).exit_code == 2


def test_migrates_back_to_nothing(fresh_database_url: str) -> None:
    succeed("migrate", "--down-to", "base", DATABASE_URL=fresh_database_url, DEMO="true")
    left = "SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'public'"
    assert asyncio.run(query(fresh_database_url, left)) == ["alembic_version"]


@pytest.mark.parametrize(
    ("command", "environment", "status"),
    [
        (["migrate"], {}, 1),  # nothing listens there
        (["serve"], {"SIGNING_KEY": "geen sleutel", "DEMO": "false"}, 2),
        (["serve"], {"WEBHOOK_KEYS": "geen sleutel", "DEMO": "true"}, 2),
        (["openapi"], {"TRUSTED_ISSUERS": '{"https://login.example.org": {}}'}, 2),
        (["serve"], {"SIGN_IN_ISSUER": "https://login.example.org", "SIGN_IN_CLIENT_ID": "wijzer"}, 2),
    ],
)
def test_says_what_is_wrong_without_a_traceback(command: list[str], environment: dict[str, str], status: int) -> None:
    assert fail(status, *command, **{**DEMO, **environment})


# --- openapi


async def test_prints_the_document_that_is_served(world: World) -> None:
    printed = succeed("openapi")
    assert json.loads(printed) == (await world.http.get("/v1/openapi.json")).json()
    assert printed.endswith("}\n")


def test_tells_of_drift(tmp_path: Path) -> None:
    path = tmp_path / "openapi.json"
    path.write_text(succeed("openapi"), encoding="utf-8")
    assert succeed("openapi", "--check", path) == ""
    path.write_text(path.read_text(encoding="utf-8").replace("/regions", "/regio"), encoding="utf-8")
    said = fail(1, "openapi", "--check", path)
    assert str(path) in said
    assert "wijzer openapi >" in said


# --- the database


async def query(url: str, *statements: str) -> list[Any]:
    """The first value that each gives."""
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    found = [await connection.fetchval(statement) for statement in statements]
    await connection.close()
    return found


STATE = ("SELECT version_num FROM alembic_version", "SELECT count(*) FROM regions", "SELECT count(*) FROM care_types")


def test_migrates_an_empty_database_and_then_once_more(fresh_database_url: str) -> None:
    url = fresh_database_url
    asyncio.run(query(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public"))
    for _ in range(2):
        succeed("migrate", DATABASE_URL=url, DEMO="true")
        assert asyncio.run(query(url, *STATE)) == [migrations.head(), 42, 36]


def test_migrating_makes_the_login_of_the_service(fresh_database_url: str, server_url: str) -> None:
    name = f"wijzer_login_{uuid4().hex}"
    environment = {"DATABASE_URL": fresh_database_url, "DEMO": "true"}
    assert "LOGIN_PASSWORD" in fail(2, "migrate", "--login", name, **environment)
    succeed("migrate", "--login", name, LOGIN_PASSWORD="geheim", **environment)
    login = make_url(fresh_database_url).set(username=name, password="geheim").render_as_string(hide_password=False)
    assert "permission denied" in fail(
        1, "migrate", "--login", name, LOGIN_PASSWORD="geheim", DATABASE_URL=login, DEMO="true"
    )
    asyncio.run(query(server_url, f"DROP ROLE {name}"))


def test_loads_the_reference_data_again(fresh_database_url: str) -> None:
    asyncio.run(query(fresh_database_url, "DELETE FROM care_types"))
    succeed("migrate", DATABASE_URL=fresh_database_url, DEMO="true")
    assert asyncio.run(query(fresh_database_url, *STATE)) == [migrations.head(), 42, 36]


def test_seeds_in_demo_mode_only(fresh_database_url: str) -> None:
    said = fail(2, "seed", DATABASE_URL=fresh_database_url, SIGNING_KEY=pem(private_key()))
    assert "DEMO=true" in said
    assert asyncio.run(query(fresh_database_url, "SELECT count(*) FROM clients")) == [0]


# --- serve


def test_refuses_to_serve_with_demo_clients(fresh_database_url: str) -> None:
    succeed("seed", DATABASE_URL=fresh_database_url, DEMO="true")
    said = fail(2, "serve", DATABASE_URL=fresh_database_url, SIGNING_KEY=pem(private_key()))
    assert "There are demo clients in this database" in said


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        ([], {}, {"host": "127.0.0.1", "port": 8000, "workers": 1}),
        ([], {"WORKERS": "3"}, {"workers": 3}),
        (["--workers", "2", "--host", "0.0.0.0", "--port", "80"], {"WORKERS": "3"}, {"workers": 2, "port": 80}),  # noqa: S104 -- not opened
    ],
)
def test_serves(
    monkeypatch: pytest.MonkeyPatch, options: list[str], environment: dict[str, str], expected: dict[str, Any]
) -> None:
    started: dict[str, Any] = {}
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "somewhere")
    monkeypatch.setattr("app.kit.monitoring.logging.configure", lambda _: None)

    def serve_app(_: object, module: str, __: object, host: str, port: int, workers: int) -> int:
        started.update(module=module, host=host, port=port, workers=workers)
        return 0

    monkeypatch.setattr("app.kit.http.workers.serve", serve_app)
    succeed("serve", *options, **DEMO, **environment)
    assert expected.items() <= started.items()
    assert started["module"] == "app.main"


def test_the_audit_log_and_what_is_kept_can_be_looked_at(fresh_database_url: str) -> None:
    assert run("audit", "verify", DATABASE_URL=fresh_database_url, DEMO="true").exit_code == 0
    assert run("audit", "export", DATABASE_URL=fresh_database_url, DEMO="true").exit_code == 0
    kept = run("retention", DATABASE_URL=fresh_database_url, DEMO="true")
    assert kept.exit_code == 0, kept.output
    assert "stored" in kept.output.lower()
