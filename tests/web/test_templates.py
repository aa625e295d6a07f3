"""What no template may have: what the Content-Security-Policy would stop, forms that lead elsewhere, marks astray."""

import re
from pathlib import Path
from typing import Final

import pytest

from app.web.shell.rendering import TEMPLATES

FILES: Final = sorted(TEMPLATES.rglob("*.html"))
_WRITTEN: Final = re.compile(r"\{#.*?#\}", re.DOTALL)

REFUSED: Final = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "a style sheet inside": re.compile(r"<style\b"),
    "a script inside": re.compile(r"<script(?![^>]*\ssrc=)"),
    "an event handler": re.compile(r"<[^>]*\son\w+\s*="),
    "hx-on": re.compile(r"hx-on\b"),
    "JavaScript in a value": re.compile(r"""["'\s](js|javascript):"""),
    "a trigger with a filter, which needs eval": re.compile(r"""hx-trigger\s*=\s*["'][^"']*\["""),
    "something of another machine": re.compile(r"""\s(src|action|hx-\w+)\s*=\s*["'](https?:)?//"""),
    "a form that sends without an action of ours": re.compile(r"""<form(?![^>]*\saction="/)"""),
    "what is not escaped": re.compile(r"\|\s*safe\b|autoescape"),
    "a mark after a link that has a box of its own, which begins a line where it is narrow": re.compile(
        r"""<a\s[^>]*\btarget"(?:(?!</a>).)*</a>\s*[,.:;)]""", re.DOTALL
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_no_template_has(what: str) -> None:
    found = [path.name for path in FILES if REFUSED[what].search(_WRITTEN.sub("", path.read_text(encoding="utf-8")))]
    assert found == []


@pytest.mark.parametrize(
    ("what", "written"),
    [
        ("a style attribute", '<p class="a" style="color: red">'),
        ("a style sheet inside", "<style>p {}</style>"),
        ("a script inside", "<script>alert(1)</script>"),
        ("an event handler", '<p onclick="x()">'),
        ("hx-on", '<p hx-on:click="x()">'),
        ("JavaScript in a value", "<p hx-vals='js:{a: 1}'>"),
        ("a trigger with a filter, which needs eval", """<p hx-trigger="keyup[key=='Enter']">"""),
        ("something of another machine", '<img src="//example.org/a.png">'),
        ("a form that sends without an action of ours", '<form method="post">'),
        ("what is not escaped", "{{ text | safe }}"),
        (
            "a mark after a link that has a box of its own, which begins a line where it is narrow",
            '<p><a class="utrecht-link target" href="/">Start</a>, hier',
        ),
    ],
)
def test_what_is_looked_for_is_found(what: str, written: str) -> None:
    assert REFUSED[what].search(written)


def test_every_page_has_one_heading() -> None:
    pages = [path for path in FILES if 'extends "shell/base.html"' in path.read_text(encoding="utf-8")]
    assert len(pages) > 3
    assert [path for path in pages if path.read_text(encoding="utf-8").count("<h1") != 1] == []


def test_vendored_files_have_their_licences() -> None:
    vendored = Path(TEMPLATES, "static/vendor")
    assert {path.name for path in vendored.glob("*.LICENSE.txt")} == {
        f"{name}.LICENSE.txt" for name in ("htmx", "noto-sans", "utrecht", "voorbeeld")
    }
