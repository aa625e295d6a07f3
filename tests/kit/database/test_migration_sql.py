"""The SQL of migrations, linted for locks that hold up a service that runs (squawk, migrations/squawk.toml).

It is the SQL that migrations/env.py sends, its timeout for locks included. What a migration takes away is found too,
unless it says that the release before it does not go on working with it (`expands = False`).
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event

import app
from app.kit.database import migrations

ROOT = Path(app.__file__).parent.parent
BASELINE = "0033"
"""The newest migration that is not linted: those up to it landed before there was a linter."""
LANDED = {
    # the list of kinds is short, and its table is emptied all the time
    "0034": {"ban-drop-constraint", "constraint-missing-not-valid"},
    # stored answers are kept for a week
    "0039": {"require-concurrent-index-creation"},
}
"""What is found in migrations that have landed, which are never edited."""
TAKES_AWAY = {"ban-drop-column", "ban-drop-constraint", "ban-drop-not-null", "ban-drop-table"} | {
    "renaming-column",
    "renaming-table",
    "changing-column-type",
}
"""Rules that `expands = False` lifts."""

Sent = dict[str, list[str]]
_ENDS = re.compile(r"UPDATE alembic_version SET version_num='(\w+)'")


class Listener:
    """Notes what migrations send, by the migration; what is sent outside a transaction stands outside one in it."""

    def __init__(self) -> None:
        self.sent: Sent = {}
        self._limits: list[str] = []
        self._statements: list[str] = []
        self._inside = False

    def __call__(
        self, connection: Connection, _cursor: object, statement: str, _values: object, _context: object, _many: object
    ) -> None:
        if statement.startswith("SET lock_timeout"):
            self._limits, self._statements, self._inside = [statement], [], False
            return
        self._stand(inside=connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT")
        self._statements.append(statement)
        if ended := _ENDS.match(statement):
            self._stand(inside=False)
            self.sent[ended[1]] = [*self._limits, *self._statements]
            self._statements = []

    def _stand(self, *, inside: bool) -> None:
        if inside != self._inside:
            self._statements.append("BEGIN" if inside else "COMMIT")
            self._inside = inside


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Listens to every engine, for migrations/env.py makes its own."""
    made = Listener()
    event.listen(Engine, "before_cursor_execute", made)
    yield made
    event.remove(Engine, "before_cursor_execute", made)


def lint(folder: Path, sent: Sent) -> dict[str, set[str]]:
    """The rules that each migration breaks."""
    for revision, statements in sent.items():
        (folder / f"{revision}.sql").write_text(";\n".join([*statements, ""]))
    done = subprocess.run(  # noqa: S603 - our own command
        [
            Path(sys.executable).parent / "squawk",
            "--config",
            ROOT / "migrations/squawk.toml",
            "--reporter",
            "json",
            *(f"{revision}.sql" for revision in sent),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    found: dict[str, set[str]] = {}
    for each in json.loads(done.stdout):
        found.setdefault(Path(each["file"]).stem, set()).add(each["rule_name"])
    return {revision: rules for revision, each in found.items() if (rules := each - lifted(revision))}


def lifted(revision: str) -> set[str]:
    migration: Any = ScriptDirectory.from_config(migrations.alembic_config()).get_revision(revision)
    return set() if getattr(migration.module, "expands", True) else TAKES_AWAY


def test_no_migration_holds_up_a_service_that_runs(listener: Listener, fresh_database_url: str, tmp_path: Path) -> None:
    migrations.downgrade(fresh_database_url, BASELINE)
    listener.sent.clear()
    migrations.upgrade(fresh_database_url)
    assert migrations.head() in listener.sent
    assert lint(tmp_path, listener.sent) == LANDED


SLOW = 'op.create_index("ix_offers_name", "offers", ["name"])'
CONCURRENT = """with op.get_context().autocommit_block():
        op.create_index("ix_offers_key", "offers", ["key"], postgresql_concurrently=True, if_not_exists=True)"""
NEXT: list[tuple[bool, str, set[str]]] = [
    (True, SLOW, {"require-concurrent-index-creation"}),
    (True, CONCURRENT, set()),
    (True, 'op.execute("ALTER TABLE offers ADD CONSTRAINT x CHECK (true)")', {"constraint-missing-not-valid"}),
    (True, 'op.execute("ALTER TABLE offers ADD CONSTRAINT y CHECK (true) NOT VALID")', set()),
    (True, 'op.drop_column("organisations", "name")', {"ban-drop-column"}),
    (False, 'op.drop_column("stored_answers", "headers")', set()),
    (False, SLOW.replace("name", "care_type"), {"require-concurrent-index-creation"}),
]
"""What the next migrations might say and do, and what is found in each."""


def test_what_the_next_migrations_do_is_found(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, fresh_database_url: str, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "alembic.ini", tmp_path)
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    before, expected = migrations.head(), {}
    for number, (expands, body, found) in enumerate(NEXT, 9000):
        (tmp_path / f"migrations/versions/{number}_next.py").write_text(
            f"from alembic import op\n\nrevision = '{number}'\ndown_revision = '{before}'\n"
            f"expands = {expands}\n\n\ndef upgrade() -> None:\n    {body}\n"
        )
        before, expected[str(number)] = str(number), found
    monkeypatch.chdir(tmp_path)
    migrations.upgrade(fresh_database_url)
    assert lint(tmp_path, listener.sent) == {revision: found for revision, found in expected.items() if found}
