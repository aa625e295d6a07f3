"""What providers wrote as e-mail address and website, in the formats of the standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.standards.hsds.formats import email_of, uri_of
from tests.standards.hsds.standard import is_format


@pytest.mark.parametrize(
    ("text", "email"),
    [
        (None, None),
        ("aanmelden@example.org", "aanmelden@example.org"),
        ("een+twee.drie@sub.example-zorg.nl", "een+twee.drie@sub.example-zorg.nl"),
        ("café@example.org", None),
        ("a..b@example.org", None),
        (".a@example.org", None),
        ("a@-example.org", None),
        ("a@example..org", None),
        ("a,b@example.org", None),
        (f"{64 * 'a'}@example.org", f"{64 * 'a'}@example.org"),
        (f"{65 * 'a'}@example.org", None),
        ("a@xn--11b4c3d.org", None),
        ("aanmelden@example.org\n", None),
    ],
)
def test_emails(text: str | None, email: str | None) -> None:
    assert email_of(text) == email


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        (None, None),
        ("https://example.org", "https://example.org"),
        ("http://example.org:8080/a/b%20c?d=e&f#g", "http://example.org:8080/a/b%20c?d=e&f#g"),
        ("https://café.nl/über uns", "https://xn--caf-dma.nl/%C3%BCber%20uns"),
        ("https://example.org/a|b", None),
        ("https://example.org/100%", None),
        ("https://", None),
        ("https://exa mple.org", None),
        ("https://example.org\n", "https://example.org/"),
    ],
)
def test_websites(text: str | None, uri: str | None) -> None:
    assert uri_of(text) == uri


@given(st.text().map("https://{}".format))
def test_whatever_comes_out_is_a_uri(text: str) -> None:
    uri = uri_of(text)
    assert uri is None or is_format("uri", uri)


@given(st.text().map("{}@example.org".format) | st.emails())
def test_whatever_comes_out_is_an_email_address(text: str) -> None:
    email = email_of(text)
    assert email is None or is_format("email", email)
