"""Handing a dossier over to another institution or local team, and taking that back while it waits."""

from typing import Any, Final

from app.dossiers.transfers import service as transfers
from app.dossiers.transfers.schemas import TransferDecisionIn, TransferIn
from app.web.children.form import NO_NAMES, Action, Field, Form, Work, found, no_such, own
from app.web.children.service import Dossier


def can_hand_over(dossier: Dossier) -> bool:
    """Whether a dossier can be handed over now: the caller's own, and in no open transfer."""
    return dossier.is_own and not dossier.transfers and bool(dossier.institutions)


def _proposal_form(dossier: Dossier, _: str) -> Form:
    if not can_hand_over(dossier):
        raise no_such()
    fields = [
        Field("institution", "Aan wie", "choice", [(str(id_), name) for id_, name in dossier.institutions]),
        Field("why", "Waarom", "words", hint=NO_NAMES),
    ]
    if dossier.siblings:
        along = [(str(id_), name) for id_, name in dossier.siblings.items()]
        hint = "Wie samen een aanmelding of een plek heeft, gaat samen over."
        fields.insert(1, Field("with", "Broers en zussen die meegaan", "checks", along, hint=hint, required=False))
    return Form(
        "Dossier overdragen",
        "Stel de overdracht voor",
        fields,
        intro="Er verandert niets tot de ander het dossier aanneemt. Daarna is alles daar, en ziet u alleen nog uw "
        "verantwoording.",
    )


async def _propose(work: Work, body: TransferIn) -> None:
    await transfers.propose(work.session, work.caller, work.request_id, body, work.now)


def _withdrawal_form(dossier: Dossier, item: str) -> Form:
    transfer = found(own(dossier).transfers, lambda each: str(each.id) == item)
    about = f"Aan {transfer.institution_name}: {transfer.why}"
    return Form("Overdracht intrekken", "Trek de overdracht in", [], intro=about)


async def _withdraw(work: Work, body: TransferDecisionIn) -> None:
    await transfers.decide(work.session, work.caller, work.item_id, body, None, work.now)


TRANSFER_ACTIONS: Final[dict[str, Action[Any]]] = {
    "overdragen": Action(_proposal_form, TransferIn, _propose, "De overdracht is voorgesteld; de ander beslist."),
    "overdracht-intrekken": Action(
        _withdrawal_form,
        TransferDecisionIn,
        _withdraw,
        "De overdracht is ingetrokken.",
        lambda _, __: {"decision": "withdraw"},
    ),
}
"""By the last part of their paths."""
