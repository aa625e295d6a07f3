"""Where the lines of a file go: what takes them, and what a table of them is like."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self
from urllib.parse import urlencode

from app.client.push.errors import FileError
from app.domain.language import Text
from app.kit.files.layout import Layout
from app.supply.capacity_reports.columns import LAYOUT


@dataclass(frozen=True, slots=True)
class Destination:
    """A path below /v1 that takes files of lines, called `things`, with what is asked of it besides.

    `is_whole`: it takes a file at once or not at all. `is_dry`: nothing comes of it, so there is nothing to go on with.
    """

    path: str
    things: Text
    layout: Layout
    query: tuple[tuple[str, str], ...] = ()
    is_whole: bool = False
    is_dry: bool = False

    @property
    def address(self) -> str:
        """The path with its query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def asking(self, *, of_day: date | None, dry_run: bool, end_missing: bool, reason: str | None) -> Self:
        """The same, of what is so `of_day`, in a dry run, or closing for a `reason` what the file does not have.

        `FileError` where there is a reason without closing, or closing without one.
        """
        if end_missing != (reason is not None):
            text = Text(
                nl="--end-missing en --reason gaan samen: een reden van sluiten, zoals --reason help-not-needed.",
                en="--end-missing and --reason go together: a closing reason, such as --reason help-not-needed.",
            )
            raise FileError(text)
        asked = {
            "referenceDay": of_day.isoformat() if of_day else None,
            "dryRun": "true" if dry_run else None,
            "endMissing": "true" if end_missing else None,
            "reason": reason,
        }
        given = tuple((name, value) for name, value in asked.items() if value is not None)
        return replace(self, query=given, is_whole=end_missing, is_dry=dry_run)


REPORTS: Final = Destination("capacity-reports", Text(nl="meldingen", en="reports"), LAYOUT)
"""Capacity reports."""
