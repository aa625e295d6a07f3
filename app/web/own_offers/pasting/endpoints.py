"""Figures of many offers at once, pasted from a spreadsheet or as its file: first shown, then taken in."""

import base64
import binascii
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response
from starlette.datastructures import FormData, UploadFile

from app.kit.errors import InvalidInputError
from app.kit.files.formats import Source
from app.kit.http.dependencies import Now, Reading, database_of
from app.kit.http.files import respond_table
from app.kit.media_types import CSV, XLSX
from app.kit.security.callers import Caller
from app.supply.capacity_reports import service
from app.supply.capacity_reports.lines import READER, ReportLine
from app.supply.capacity_reports.template import standing_row, write_xlsx
from app.web.own_offers.pasting.preview import Preview, of_table, preview_of
from app.web.shell.forms import sent_fields, text_of
from app.web.shell.rendering import render
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Provider

router = make_router()

PATH: Final = "/mijn-aanbod/plakken"
_PAGE: Final = "own_offers/pasting/page.html"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent: its bytes, and as text where it was pasted."""

    content: bytes
    text: str = ""

    @property
    def packed(self) -> str:
        """Its bytes as a field of a form has them."""
        return base64.urlsafe_b64encode(self.content).decode()

    async def read(self) -> list[ReportLine]:
        """Its lines; `InvalidInputError` where it is no table."""

        async def chunks() -> AsyncIterator[bytes]:
            yield self.content

        return await Source(READER, CSV, chunks()).read()


@router.get(PATH)
async def show_pasting(request: Request, _: Provider) -> Response:
    """Where a table is pasted, or its file chosen."""
    return render(request, _PAGE, error=None, sent=Sent(b""))


@router.get("/mijn-aanbod/cijfers.xlsx")
async def download_figures(request: Request, caller: Provider, session: Reading) -> Response:
    """What stands of all own offers, as a workbook to change and send back."""
    rows = await service.list_standing(session, caller.own_provider, limit=None, key=None)
    return respond_table(request, write_xlsx("nl", map(standing_row, rows)), XLSX, "mijn-aanbod.xlsx", "nl")


@router.post(PATH)
async def preview(request: Request, caller: Provider, now: Now) -> Response:
    """Shows what would come of a table; nothing is taken in."""
    async with request.form() as form:
        sent = await _sent(form)
    try:
        lines = await sent.read()
    except InvalidInputError as error:
        return render(request, _PAGE, status=400, error=" ".join(of_table(error)), sent=sent)
    shown, _ = await _run(request, caller, lines, now, seen=None)
    return _show(request, shown, sent, has_changed=False)


@router.post(f"{PATH}/verwerken")
async def take_in(request: Request, caller: Provider, now: Now) -> Response:
    """Takes in the good rows of a table, where they still do what was shown; else shows them again."""
    fields = await sent_fields(request)
    sent = Sent(_unpacked(text_of(fields, "bestand")))
    lines = await sent.read()
    shown, is_done = await _run(request, caller, lines, now, seen=text_of(fields, "gezien"))
    if not is_done:
        return _show(request, shown, sent, has_changed=True)
    return render(request, "own_offers/pasting/done.html", preview=shown)


def _show(request: Request, shown: Preview, sent: Sent, *, has_changed: bool) -> Response:
    page = "own_offers/pasting/preview.html"
    return render(request, page, preview=shown, sent=sent, has_changed=has_changed)


async def _run(
    request: Request, caller: Caller, lines: list[ReportLine], now: Now, *, seen: str | None
) -> tuple[Preview, bool]:
    """What would come of the lines, and whether that was done: where it is what was `seen`."""
    async with database_of(request).read() as session:
        standing = await service.list_standing(session, caller.own_provider, limit=None, key=None)
    names = {row.offer_id: row.offer_name for row in standing}
    async with database_of(request).write() as session:
        outcomes = await service.take_in(session, caller, lines, now, atomic=False, dry_run=True)
        shown = preview_of(lines, outcomes, names)
        is_same = shown.seen == seen
        if is_same:
            await service.take_in(session, caller, lines, now, atomic=False)
    return shown, is_same


async def _sent(form: FormData) -> Sent:
    """The file where there is one, else what was pasted."""
    file = form.get("bestand")
    content = await file.read() if isinstance(file, UploadFile) else b""
    if content:
        return Sent(content)
    text = str(form.get("tabel", ""))
    return Sent(text.encode(), text)


def _unpacked(packed: str) -> bytes:
    """What `Sent.packed` is of; nothing where it is of nothing."""
    try:
        return base64.b64decode(packed, altchars=b"-_", validate=True)
    except binascii.Error:
        return b""
