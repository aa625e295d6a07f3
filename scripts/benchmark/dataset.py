"""A whole data set of so many offers: the same on every machine, with dates relative to a day."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from app.kit.database import migrations
from app.reference.lists import DATA
from scripts.benchmark import agreements, grounds, offers, providers, rows
from scripts.benchmark.providers import OFFERS_EACH
from scripts.benchmark.rows import Rows

_BATCH = 500
"""Providers whose rows are made and loaded together: some 20,000 rows."""


def batches(size: int, today: date) -> Iterator[Rows]:
    """The rows of `size` offers, their providers, contracts and reports, a few thousand at a time."""
    count = size // OFFERS_EACH
    for start in range(0, count, _BATCH):
        made = Rows()
        for number in range(start, min(start + _BATCH, count)):
            plan = providers.provider(number)
            providers.add_provider(made, plan)
            offers.add_offers(made, plan, today)
            agreements.add_contracts(made, plan, today)
            agreements.add_stops(made, plan, today)
        yield made


def fingerprint(size: int, today: date) -> str:
    """What a loaded data set depends on: the code that makes it, the reference data, the schema and the day."""
    digest = hashlib.sha256(f"{size} {today} {migrations.head()}".encode())
    sources = [Path(module.__file__ or "") for module in (agreements, grounds, offers, providers, rows)]
    for path in (*sources, Path(__file__), *sorted(DATA.glob("*.csv"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()
