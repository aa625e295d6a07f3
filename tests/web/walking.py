"""Which links lead to pages of one kind, for walks that open one of each."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from tests.web.routes import FILE, template_of

_NAMED: Final = re.compile(r"\{(what|slug)\}")
"""Parts of a path that make another page of it, unlike the id of what it is about."""


Kind = tuple[str, ...]
"""The route of a page, and the names of what its address asks."""


def kind_of(link: str) -> Kind | None:
    """What makes a link lead to a page of its own kind: its route, and the names of what it asks; None for no page."""
    split = urlsplit(link)
    template = template_of(split.path)
    if template is None or FILE.search(split.path):
        return None
    parts = zip(template.split("/"), split.path.split("/"), strict=True)
    named = [there if _NAMED.fullmatch(part) else part for part, there in parts]
    return ("/".join(named), *sorted({name for name, value in parse_qsl(split.query) if value}))
