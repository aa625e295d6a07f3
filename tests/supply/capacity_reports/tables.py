"""Tables of capacity reports as the service reads them."""

import io

from app.kit.files.records import Table, open_table
from app.kit.files.tables import read_heading
from app.supply.capacity_reports.columns import LAYOUT
from app.supply.capacity_reports.lines import ReportLine, read_line


def opened(body: bytes) -> Table:
    """The table in a file."""
    return open_table(io.BytesIO(body), LAYOUT)


def read_table(body: bytes) -> list[ReportLine]:
    """The lines of a file."""
    records = opened(body).records
    heading = next(records, None)
    return [] if heading is None else [read_line(read_heading(LAYOUT, heading), record) for record in records]
