"""What the endpoints of capacity are given, once a worker."""

from dataclasses import dataclass

from app.kit.http.parts import KitParts
from app.supply.capacity.report_writer import ReportWriter


@dataclass(frozen=True, kw_only=True)
class CapacityParts(KitParts):
    """With what takes in reports together."""

    report_writer: ReportWriter
