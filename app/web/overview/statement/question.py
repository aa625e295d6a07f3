"""What is asked on the page of the statement."""

from pydantic import Field

from app.insight.waiting_children.schemas import WaitingQuery
from app.web.overview.areas import AreaForm
from app.web.shell.forms import check_form


class StatementForm(AreaForm):
    """The filters of the statement, by their names in the address, and its reference day."""

    peildatum: str = Field(default="", max_length=40)


def question(form: StatementForm, region: str | None) -> WaitingQuery:
    """The question that the form asks; `InvalidInputError` where it cannot be asked."""
    values = {
        "region": region,
        "municipality": form.gemeente or None,
        "asOf": form.peildatum or None,
        "by": "municipality" if region else "region",
    }
    return check_form(WaitingQuery, values)
