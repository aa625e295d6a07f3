"""The reference lists: open to all, cacheable for an hour, from memory."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import Field

from app.domain.language import Language, Text
from app.domain.words import search_text
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.language import InLanguage
from app.kit.http.pagination import listed
from app.kit.http.respond import respond
from app.kit.http.rights import OPEN
from app.kit.http.routing import router as make_router
from app.kit.pages import Page, PageQuery
from app.kit.schemas import Schema
from app.reference.lists import CodeValue, reference
from app.reference.schemas import (
    CareTypeOut,
    ClosingReasonOut,
    CodeOut,
    DeclineReasonOut,
    InstitutionOut,
    ListedMeasure,
    MunicipalityField,
    MunicipalityOut,
    NationalCodeOut,
    Pc4Field,
    PostcodeOut,
    ProductCodeOut,
    RegionField,
    RegionOut,
    SupraregionOut,
)

router = make_router("Reference", OPEN)

_CACHE = "public, max-age=3600"


def _page(request: Request, query: PageQuery, items: Mapping[str, Schema]) -> Response:
    """A page of `items` in the order of their codes."""
    after = query.key(request.url.path, str)
    codes = sorted(code for code in items if after is None or code > after[0])
    return listed(request, query, codes, key=lambda code: [code], show=items.__getitem__, cache=_CACHE)


@router.get("/regions", response_model=Page[RegionOut])
async def list_regions(request: Request, query: Annotated[PageQuery, Query()]) -> Response:
    """The 42 jeugdregio's."""
    return _page(request, query, {r.code: RegionOut.model_validate(r) for r in reference().regions.values()})


@router.get("/supraregions", response_model=Page[SupraregionOut])
async def list_supraregions(request: Request, query: Annotated[PageQuery, Query()]) -> Response:
    """The regions that work together above the region; a region can be in several."""
    found = {each.code: SupraregionOut.model_validate(each) for each in reference().supraregions.values()}
    return _page(request, query, found)


class RegionalQuery(PageQuery):
    """The query keys of what belongs to regions."""

    region: RegionField | None = Field(default=None, description="Only those of this jeugdregio.")


@router.get("/institutions", response_model=Page[InstitutionOut])
async def list_institutions(request: Request, query: Annotated[RegionalQuery, Query()]) -> Response:
    """The certified institutions (GI's) that regions contract, for the regions whose plan says so."""
    found = {
        each.name: InstitutionOut.model_validate(each)
        for each in reference().institutions.values()
        if query.region is None or query.region in each.regions
    }
    return _page(request, query, found)


@router.get("/municipalities", response_model=Page[MunicipalityOut])
async def list_municipalities(request: Request, query: Annotated[RegionalQuery, Query()]) -> Response:
    """All municipalities, with province and jeugdregio."""
    found = {
        each.code: MunicipalityOut.model_validate(each)
        for each in reference().municipalities.values()
        if query.region in (None, each.region)
    }
    return _page(request, query, found)


@router.get("/care-types", response_model=Page[CareTypeOut])
async def list_care_types(request: Request, query: Annotated[PageQuery, Query()], language: InLanguage) -> Response:
    """The care types that offers and choices name, with the national codes that they belong to."""
    lists = reference()
    found = {
        each.code: CareTypeOut(
            code=each.code,
            name=each.name.in_(language),
            cbs_form_code=each.cbs_form_code,
            category_codes=list(each.category_codes),
            residential=each.residential,
            crisis=each.crisis,
            needs_court_authorisation=each.needs_court_authorisation,
            cbs_form=NationalCodeOut(code=each.cbs_form_code, name=lists.cbs_forms[each.cbs_form_code]),
            categories=[
                NationalCodeOut(code=code, name=lists.product_categories[code]) for code in each.category_codes
            ],
        )
        for each in lists.care_types.values()
    }
    return _page(request, query, found)


def _code(value: CodeValue, language: Language) -> CodeOut:
    return CodeOut(code=value.code, name=value.name.in_(language))


def _add_code_list(path: str, summary: str, values: Callable[[], Mapping[str, CodeValue]]) -> None:
    async def list_codes(request: Request, query: Annotated[PageQuery, Query()], language: InLanguage) -> Response:
        return _page(request, query, {each.code: _code(each, language) for each in values().values()})

    name = "list_" + path.strip("/").replace("-", "_")
    router.add_api_route(path, list_codes, name=name, description=summary, response_model=Page[CodeOut])


_add_code_list("/specialisations", "What an offer can be specialised in.", lambda: reference().specialisations)
_add_code_list("/exclusion-criteria", "What an offer can refuse a child for.", lambda: reference().exclusion_criteria)
_add_code_list("/waiting-causes", "Why a child waits.", lambda: reference().waiting_causes)
_add_code_list("/referrers", "Who refers to youth care (verwijzer).", lambda: reference().referrers)


@router.get("/measures", response_model=Page[ListedMeasure])
async def list_measures(request: Request, query: Annotated[PageQuery, Query()], language: InLanguage) -> Response:
    """The measures that a certified institution carries out, each with its kind."""
    found = {
        each.code: ListedMeasure(code=each.code, name=each.name.in_(language), kind=each.kind)
        for each in reference().measures.values()
    }
    return _page(request, query, found)


@router.get("/decline-reasons", response_model=Page[DeclineReasonOut])
async def list_decline_reasons(
    request: Request, query: Annotated[PageQuery, Query()], language: InLanguage
) -> Response:
    """Why a provider can decline a referral, with the iJw code where one fits."""
    found = {
        each.code: DeclineReasonOut(code=each.code, name=each.name.in_(language), ijw_code=each.external)
        for each in reference().decline_reasons.values()
    }
    return _page(request, query, found)


@router.get("/closing-reasons", response_model=Page[ClosingReasonOut])
async def list_closing_reasons(
    request: Request, query: Annotated[PageQuery, Query()], language: InLanguage
) -> Response:
    """Why a request can be closed, with the iJw code for the end of help (JZ588) where one fits."""
    found = {
        each.code: ClosingReasonOut(code=each.code, name=each.name.in_(language), ijw_code=each.external)
        for each in reference().closing_reasons.values()
    }
    return _page(request, query, found)


class ProductCodeQuery(PageQuery):
    """The query keys of the product codes."""

    q: str | None = Field(
        default=None, min_length=1, max_length=100, description="Part of a code or a name.", examples=["pleegzorg"]
    )
    municipality: MunicipalityField | None = Field(
        default=None, description="The municipality that the codes are for: the standard list and its own codes."
    )


@router.get("/product-codes", response_model=Page[ProductCodeOut])
async def list_product_codes(request: Request, query: Annotated[ProductCodeQuery, Query()]) -> Response:
    """The standard product codes (JZ21), which hold in every municipality; municipalities' own codes are not known."""
    wanted = search_text(query.q or "")
    found: dict[str, Any] = {
        each.code: ProductCodeOut.model_validate(each)
        for each in reference().product_codes.values()
        if wanted in search_text(each.code) or wanted in search_text(each.name)
    }
    return _page(request, query, found)


@router.get("/postcodes/{pc4}", response_model=PostcodeOut, responses=raises(NotFoundError))
async def get_postcode(
    request: Request, pc4: Annotated[Pc4Field, Path(description="A four-digit postcode.", examples=["1781"])]
) -> Response:
    """Where a four-digit postcode is."""
    area = reference().postcodes.get(pc4)
    if area is None:
        raise NotFoundError(Text(nl=f"Postcode {pc4}", en=f"Postcode {pc4}"))
    content = PostcodeOut(
        pc4=area.pc4,
        latitude=area.point.latitude,
        longitude=area.point.longitude,
        municipality=area.municipality,
        city=area.city,
    )
    return respond(request, content, cache=_CACHE)
