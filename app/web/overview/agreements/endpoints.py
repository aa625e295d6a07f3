"""The agreements of a region."""

from typing import Annotated, Final

from fastapi import Form, Query, Request, Response

from app.dossiers.agreements import service
from app.dossiers.agreements.schemas import AgreementsIn
from app.dossiers.agreements.steps import STEP_NAMES
from app.kit.database.sessions import ReadSession
from app.kit.http.dependencies import Now, Reading
from app.kit.security.callers import Caller
from app.reference.lists import reference
from app.web.overview.agreements.question import TERMS, AgreementsForm
from app.web.overview.areas import Option
from app.web.overview.dependencies import Attempting
from app.web.overview.keeping.form import if_match
from app.web.overview.sections import AGREEMENTS, sections_of
from app.web.overview.stored import stored_otherwise
from app.web.shell.forms import Errors
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Region

router = make_router()

PATH: Final = AGREEMENTS.path
_STEPS: Final = [Option(step, name.nl) for step, name in STEP_NAMES.items()]


@router.get(PATH)
async def show_agreements(
    request: Request, caller: Region, session: Reading, klaar: Annotated[str, Query(max_length=5)] = ""
) -> Response:
    """What the region has agreed; without agreements of its own, what holds then."""
    return await _page(request, session, caller, None, {}, saved=bool(klaar))


@router.post(PATH)
async def put_agreements(
    request: Request,
    form: Annotated[AgreementsForm, Form()],
    caller: Region,
    session: Reading,
    attempt: Attempting,
    now: Now,
) -> Response:
    """Sets what the region has agreed. The clocks of its children go by it at once."""
    errors = await attempt(
        AgreementsIn,
        form.sent(),
        lambda writing, body: service.put_agreements(
            writing, caller, caller.region or "", body, if_match(form.versie), now
        ),
    )
    return await _page(request, session, caller, form, errors) if errors else go_to(request, f"{PATH}?klaar=ja")


async def _page(
    request: Request,
    session: ReadSession,
    caller: Caller,
    form: AgreementsForm | None,
    errors: Errors,
    *,
    saved: bool = False,
) -> Response:
    region = reference().regions[caller.region or ""]
    row = await service.get_agreements(session, region.code)
    stands = AgreementsForm.of(service.agreements_out(row), row.version, row.supraregion)
    filled = stands if form is None else form.model_copy(update={"versie": stands.versie})
    networks = [Option(code, reference().supraregions[code].name) for code in region.supraregions]
    return render(
        request,
        "overview/agreements/page.html",
        status=400 if errors else 200,
        sections=sections_of(caller),
        region=region.name,
        terms=[(name, term, getattr(filled, name), errors.get(f"/{term.name}")) for name, term in TERMS.items()],
        form=filled,
        stored=stored_otherwise(stands, filled, {each.code: each.name for each in (*_STEPS, *networks)}),
        errors=errors,
        steps=_STEPS,
        networks=networks,
        saved=saved,
    )
