"""What each figure of insight says."""

from fastapi import Request, Response

from app.insight.answers.schemas import Definitions
from app.insight.answers.views import definitions_of
from app.insight.definitions.resources import RESOURCES
from app.kit.http.language import InLanguage
from app.kit.http.respond import respond
from app.kit.http.rights import AnyCaller
from app.kit.http.routing import router as make_router

router = make_router("Insight")


@router.get("/insight/definitions", response_model=Definitions)
async def list_insight_definitions(request: Request, _: AnyCaller, language: InLanguage) -> Response:
    """Every question that insight answers, what its figures can be broken down by, and what each figure says."""
    items = [
        {
            "resource": each.name,
            "title": each.title.in_(language),
            "question": each.question.in_(language),
            "source": each.source,
            "by": each.by,
            "figures": definitions_of(each, language),
        }
        for each in RESOURCES
    ]
    return respond(request, Definitions.model_validate({"items": items}, by_name=True))
