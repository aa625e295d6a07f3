"""Answers with one page of a list, and the links to it and the next."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response

from app.kit.http.respond import respond
from app.kit.pages import PageQuery, encode_cursor, split_page
from app.kit.schemas import Schema

Row = TypeVar("Row")


def listed(
    request: Request,
    query: PageQuery,
    rows: Sequence[Row],
    *,
    key: Callable[[Row], Sequence[Any]],
    show: Callable[[Row], Any],
    **options: Any,
) -> Response:
    """The answer with a page: `rows` are what `query.window` asked for, one more than is shown where more follow.

    `key` is a row's sort key, `show` writes it, `options` are those of `respond`.
    """
    shown, next_key = split_page(query, rows, key)
    return answer_page(request, query, [show(row) for row in shown], next_key, **options)


def answer_page(
    request: Request,
    query: PageQuery,
    items: Sequence[Any],
    next_key: Sequence[Any] | None,
    *,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, Any] | None = None,
    **options: Any,
) -> Response:
    """The answer with these items; `next_key` is the sort key of the last, or None on the last page.

    `members` are those that this list has besides.
    """
    filters = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    path = request.url.path
    here = f"{path}?{request.url.query}" if request.url.query else path
    links: dict[str, Any] = {"self": {"href": here}}
    headers = dict(headers or {})
    if next_key is not None:
        following = f"{path}?{urlencode([*filters, ('cursor', encode_cursor(query.question(path), next_key))])}"
        links["next"] = {"href": following}
        headers["Link"] = f'<{following}>; rel="next"'
    written = [item.model_dump() if isinstance(item, Schema) else item for item in items]
    return respond(request, {"items": written, **(members or {}), "_links": links}, headers=headers, **options)
