import copy
import json
import pickle

import pytest

from app.domain.identifiers import (
    AgbCode,
    Identifier,
    IdentifierError,
    KvkNumber,
    MunicipalityCode,
    Pc4,
    Postcode,
    RegionCode,
)

GOOD = [
    (AgbCode, "01234567", "01234567"),
    (KvkNumber, "12345678", "12345678"),
    (MunicipalityCode, "GM0361", "GM0361"),
    (RegionCode, "JZ03", "JZ03"),
    (Pc4, "1811", "1811"),
    (Pc4, "9999", "9999"),
    (Postcode, "1811AB", "1811AB"),
    (Postcode, "1811 AB", "1811AB"),
    (Postcode, "1811 ab", "1811AB"),
    (Postcode, "\u00a01811\u00a0AB\u200b ", "1811AB"),
    (Pc4, "1811\u00a0\ufeff", "1811"),
    (Postcode, "1811SB", "1811SB"),
    (Postcode, "1811AS", "1811AS"),
    (Postcode, "1811DS", "1811DS"),
]

BAD = [
    (AgbCode, "1234567"),  # too short
    (AgbCode, "123456789"),  # too long
    (AgbCode, "1234567\u0663"),  # a digit, but not an ASCII one
    (AgbCode, "12345678\n"),  # $ matches before a final newline
    (AgbCode, " 12345678"),
    (AgbCode, ""),
    (KvkNumber, "1234567A"),
    (KvkNumber, "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18"),
    (MunicipalityCode, "gm0361"),
    (MunicipalityCode, "GM361"),
    (MunicipalityCode, "GM0361\n"),
    (MunicipalityCode, "0361"),
    (RegionCode, "JZ3"),
    (RegionCode, "JZ003"),
    (RegionCode, "JZ0\uff13"),
    (Pc4, "0811"),  # no postcode starts with 0
    (Pc4, "181"),
    (Pc4, "18111"),
    (Postcode, "1811"),
    (Postcode, "0811AB"),
    (Postcode, "1811  AB"),
    (Postcode, "1811SA"),
    (Postcode, "1811 sd"),
    (Postcode, "1811Ss"),
    (Postcode, "1811\u0131a"),  # a dotless i becomes an I in capitals
    (Postcode, "1811\u00df"),
    (Postcode, "1811AB\n"),
]


@pytest.mark.parametrize(("kind", "text", "kept"), GOOD)
def test_reads(kind: type[Identifier], text: str, kept: str) -> None:
    identifier = kind.parse(text)

    assert identifier == kept
    assert type(identifier) is kind
    assert json.dumps(identifier) == f'"{kept}"'


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_refuses(kind: type[Identifier], text: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        kind.parse(text)

    assert caught.value.code == kind.CODE
    assert caught.value.text.nl != caught.value.text.en
    assert str(caught.value) == caught.value.text.en


def test_cannot_be_made_badly_in_another_way() -> None:
    with pytest.raises(IdentifierError):
        AgbCode("x")


def test_a_postcode_gives_its_four_digits() -> None:
    pc4 = Postcode.parse("1811 AB").pc4

    assert (pc4, type(pc4)) == ("1811", Pc4)


def test_survives_copying_and_pickling() -> None:
    code = RegionCode.parse("JZ03")

    assert type(copy.deepcopy(code)) is RegionCode
    assert pickle.loads(pickle.dumps(code)) == code  # noqa: S301 -- our own bytes, made in this line


def test_an_error_survives_pickling() -> None:
    error = IdentifierError(Pc4.CODE, Pc4.SHAPE)

    again = pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own bytes, made in this line

    assert (again.code, again.text) == (error.code, error.text)


def test_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Pc4.parse("1811").extra = 1  # type: ignore[attr-defined]
