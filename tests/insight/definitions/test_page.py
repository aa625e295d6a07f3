"""The docs print the definitions that the code has."""

from app.insight.definitions.page import figures_page
from tests.docs.pages import ROOT


def test_the_page_is_what_the_definitions_say() -> None:
    page = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
    assert page == figures_page(), "run `wijzer figures > docs/figures.md`"
