"""Walking through the pages of a list, as a client does."""

from typing import Any

from tests.world import World


async def walk(world: World, path: str, headers: dict[str, str]) -> list[list[dict[str, Any]]]:
    """The items of every page from `path` on; each page must name the next one in its links as in its Link header."""
    pages: list[list[dict[str, Any]]] = []
    following: str | None = path
    while following is not None:
        answer = await world.http.get(following, headers=headers)
        assert answer.status_code == 200, answer.text
        content = answer.json()
        assert content["_links"]["self"] == {"href": following}
        pages.append(content["items"])
        following = content["_links"].get("next", {}).get("href")
        assert answer.headers.get("link") == (f'<{following}>; rel="next"' if following else None)
        assert len(pages) < 100, "the pages do not end"
    return pages


def flat(pages: list[list[dict[str, Any]]], field: str = "id") -> list[Any]:
    """One field of all items, in order."""
    return [item[field] for items in pages for item in items]
