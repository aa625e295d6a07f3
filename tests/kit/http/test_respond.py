"""Versions: who has one gets no body, who changes one says which it has read."""

import pytest

from app.kit.entity_tags import etag_of
from app.kit.errors import PreconditionFailedError, PreconditionRequiredError
from app.kit.versions import check_version
from tests.world import World

OTHER = '"c0ffee"'


async def test_a_list_has_a_strong_etag_that_stays(world: World) -> None:
    etags = {(await world.http.get("/v1/care-types")).headers["etag"] for _ in range(2)}
    (etag,) = etags
    assert etag.startswith('"')
    assert etag.endswith('"')


async def test_another_language_is_another_version(world: World) -> None:
    answers = [await world.http.get("/v1/care-types", headers={"Accept-Language": each}) for each in ("nl", "en")]
    assert len({answer.headers["etag"] for answer in answers}) == 2
    assert all("Accept-Language" in answer.headers["vary"] for answer in answers)


@pytest.mark.parametrize(
    ("template", "status"),
    [
        ("{etag}", 304),
        ("W/{etag}", 304),  # If-None-Match compares weakly (RFC 9110, section 13.1.2)
        (OTHER + ", {etag}", 304),
        ("{etag}," + OTHER, 304),
        ("W/" + OTHER + ", W/{etag}", 304),
        ("*", 304),
        (OTHER, 200),
        ("", 200),
        ("{bare}", 200),
    ],
)
async def test_if_none_match(world: World, template: str, status: int) -> None:
    first = await world.http.get("/v1/care-types")
    etag = first.headers["etag"]
    header = template.format(etag=etag, bare=etag.strip('"'))
    answer = await world.http.get("/v1/care-types", headers={"If-None-Match": header})
    assert answer.status_code == status
    assert answer.headers["etag"] == etag
    assert answer.headers["cache-control"] == first.headers["cache-control"]
    assert answer.content == (b"" if status == 304 else first.content)


async def test_if_none_match_does_not_hold_back_a_change(world: World) -> None:
    body, headers = {"name": "X", "role": "gi"}, world.admin | {"If-None-Match": "*"}
    assert (await world.http.post("/v1/organisations", json=body, headers=headers)).status_code == 201


def test_an_etag_names_the_version_of_the_resource_first() -> None:
    assert etag_of(3) == '"3"'
    assert etag_of(3, 8, 1).startswith('"3.8.1.')
    assert etag_of(3, 8, 1) != etag_of(3, 81)


@pytest.mark.parametrize("if_match", ['"3"', "*", '"2", "3"', ' "3" ', '"a,b","3"', " * "])
def test_the_current_version_may_change(if_match: str) -> None:
    check_version(if_match, 3)


@pytest.mark.parametrize("if_match", [etag_of(3, 8, 1), "*", f'"3", {etag_of(3, 9)}', f" {etag_of(3, 0)} "])
def test_the_current_version_of_what_is_shown_with_more_may_change(if_match: str) -> None:
    check_version(if_match, 3, composite=True)


@pytest.mark.parametrize(
    ("if_match", "words"),
    [
        (etag_of(2, 8, 1), "Changed"),
        (etag_of(3, 8, 1).replace("8", "9", 1), "Changed"),
        ('"3.8.1"', "Changed"),
        ('"3."', "Changed"),
        ('"2"', "Changed"),
        (f"W/{etag_of(3, 8, 1)}", "altered"),
        (etag_of(3, 8, 1)[:-1] + '-gzip"', "altered"),
        ('"3"', "quotes"),
        ('W/"3"', "quotes"),
        (etag_of(3, 8, 1).strip('"'), "quotes"),
    ],
)
def test_another_tag_of_what_is_shown_with_more_may_not(if_match: str, words: str) -> None:
    with pytest.raises(PreconditionFailedError, match=r'"3\.…"') as refused:
        check_version(if_match, 3, required=False, composite=True)
    assert words in refused.value.detail.en


@pytest.mark.parametrize(
    ("if_match", "words"),
    [
        ('"2"', "Changed"),
        ('"33"', "Changed"),
        ('"x"', "Changed"),
        ('"2", "4"', "Changed"),
        (etag_of(8, 3), "Changed"),
        (etag_of(3, 8, 1), "Changed"),
        ('"3.999"', "Changed"),
        ('"3.8.1"', "Changed"),
        ('"03"', "Changed"),
        ('"*"', "Changed"),
        ('W/"2"', "Changed"),
        ('W/"3"', "altered"),
        ('"3-gzip"', "altered"),
        ('W/"3-br"', "altered"),
        ('"3;gzip"', "altered"),
        ("3", "quotes"),
        ("", "quotes"),
        ('"3', "quotes"),
        ('"3" "3"', "quotes"),
        ('"3", *', "quotes"),
    ],
)
def test_another_version_may_not(if_match: str, words: str) -> None:
    with pytest.raises(PreconditionFailedError, match='"3"') as refused:
        check_version(if_match, 3, required=False)
    assert words in refused.value.detail.en


def test_no_version_may_where_it_is_not_required() -> None:
    check_version(None, 3, required=False)
    with pytest.raises(PreconditionRequiredError):
        check_version(None, 3)
