"""The other limit: PostgreSQL alone, given the bare statement of one capacity report or of many by pgbench."""

import asyncio
import re
import subprocess
from pathlib import Path
from typing import Final

from scripts.benchmark import BenchmarkError
from scripts.benchmark.databases import Database
from scripts.benchmark.figures import Sample
from scripts.benchmark.plan import Measure
from scripts.benchmark.questions import BULK

_TABLES: Final = """
    DROP SCHEMA IF EXISTS bare CASCADE;
    CREATE SCHEMA bare;
    CREATE TABLE bare.capacity_reports (LIKE capacity_reports INCLUDING ALL);
    CREATE TABLE bare.current_capacities (LIKE current_capacities INCLUDING ALL);
    ALTER TABLE bare.capacity_reports ADD FOREIGN KEY (offer_id) REFERENCES offers;
    ALTER TABLE bare.current_capacities ADD FOREIGN KEY (offer_id) REFERENCES offers;
    INSERT INTO bare.current_capacities SELECT * FROM current_capacities;
    CREATE TABLE bare.numbers AS SELECT row_number() OVER (ORDER BY md5(id::text)) - 1 AS number, id FROM offers;
    CREATE UNIQUE INDEX ON bare.numbers (number) INCLUDE (id);
"""
"""Tables of its own with the product's columns, indexes and references, and none of its triggers."""

_FIGURES: Final = (
    "places_total, places_occupied, places_reserved, places_free, waiting_count, next_free_on, wait_days_intake, "
    "wait_days_treatment, accepts_referrals, note, observed_at, received_at, client_id, confirmation"
)
_ADDING: Final = """
WITH report AS (
    INSERT INTO bare.capacity_reports (
        offer_id, places_total, places_occupied, places_reserved, places_free, waiting_count, accepts_referrals,
        observed_at, client_id)
    {rows}
    RETURNING *)
INSERT INTO bare.current_capacities (offer_id, report_id, {figures}) SELECT offer_id, id, {figures} FROM report
ON CONFLICT (offer_id) DO UPDATE SET report_id = excluded.report_id, {set}
WHERE excluded.observed_at >= bare.current_capacities.observed_at;
""".replace("{figures}", _FIGURES).replace(
    "{set}", ", ".join(f"{name} = excluded.{name}" for name in _FIGURES.split(", "))
)
_DRAW: Final = r"""
\set start random(0, {last})
\set free random(0, 5)
"""
_ONE: Final = """SELECT id, 8 + :free, 7, 1, :free, 0, true, clock_timestamp(), 'pgbench'
    FROM bare.numbers WHERE number = :start"""
_MANY: Final = """SELECT
        id, 8 + (:free + turn) % 6, 7, 1, (:free + turn) % 6, 0, true, clock_timestamp(), 'pgbench'
    FROM generate_series(0, {most}) AS turn JOIN bare.numbers ON number = (:start + turn) % ({last} + 1) ORDER BY id"""
"""In the order of the offers, as all clients take them, so that none waits for another for ever."""
_ROWS: Final[dict[Measure, str]] = {"capacity": _ONE, "bulk": _MANY}


class PostgresAlone:
    """pgbench on a database with a data set of `offers` offers, by prepared statements over its socket."""

    def __init__(self, database: Database, offers: int, var: Path) -> None:
        self._url = database.url
        self._scripts = {load: var / f"{load}.sql" for load in _ROWS}
        for load, rows in _ROWS.items():
            script = _DRAW + _ADDING.replace("{rows}", rows)
            self._scripts[load].write_text(script.format(last=offers - 1, most=min(BULK, offers) - 1))
        self._program = asyncio.run(_prepare(database))

    def drive(self, load: Measure, clients: int, seconds: int) -> Sample:
        """Reports, one by one or many at once, for so many seconds, by that many clients at a time."""
        where = ["-h", str(self._url.query["host"]), "-U", self._url.username or "postgres"]
        how = ["-n", "-M", "prepared", "-c", str(clients), "-j", str(min(2, clients)), "-T", str(seconds)]
        command = [self._program, *where, *how, "-f", str(self._scripts[load]), str(self._url.database)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own, no shell
        if done.returncode:
            raise BenchmarkError(f"pgbench failed: {done.stderr}")
        return read(done.stdout)


async def _prepare(database: Database) -> str:
    """Makes the tables, and finds the server's own pgbench."""
    async with database.connection() as connection:
        await connection.execute(_TABLES)
        await connection.execute("VACUUM (ANALYZE) bare.current_capacities, bare.numbers")
        folder = await connection.fetchval("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
    return str(Path(folder) / "pgbench")


def read(output: str) -> Sample:
    """What pgbench printed; it tells a mean latency and no percentiles."""
    rate = re.search(r"^tps = ([\d.]+)", output, re.MULTILINE)
    failed = re.search(r"^number of failed transactions: (\d+)", output, re.MULTILINE)
    if rate is None:
        raise BenchmarkError(f"pgbench told no rate:\n{output}")
    return Sample(float(rate[1]), errors=int(failed[1]) if failed else 0)
