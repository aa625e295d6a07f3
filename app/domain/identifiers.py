"""Numbers and codes that others give out, as texts that are known to be well-formed."""

import re
from typing import ClassVar, Self

from app.domain.language import Text

_WITHOUT_WIDTH = re.compile("[\u200b\u2060\ufeff]")


class IdentifierError(ValueError):
    """A text is not the identifier that it should be; `code` is for machines, `text` for people."""

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(text.en)
        self.code = code
        self.text = text

    def __reduce__(self) -> tuple[type["IdentifierError"], tuple[str, Text]]:
        return type(self), (self.code, self.text)


class Identifier(str):
    """Base of the identifiers: a str, so that it is stored and serialised as one.

    `PATTERN` is what `parse` takes, anchored and without look-around so that any JSON Schema validator
    can use it.
    """

    __slots__ = ()

    PATTERN: ClassVar[str]
    CODE: ClassVar[str]
    SHAPE: ClassVar[Text]

    def __new__(cls, text: str) -> Self:
        """The same as `parse`."""
        plain = cls._cleaned(text)
        if re.fullmatch(cls.PATTERN, plain) is None:
            raise IdentifierError(cls.CODE, cls.SHAPE)
        return super().__new__(cls, cls._normalised(plain))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the identifier; raises IdentifierError."""
        return cls(text)

    @classmethod
    def _cleaned(cls, text: str) -> str:
        return text

    @classmethod
    def _normalised(cls, text: str) -> str:
        return text


class AgbCode(Identifier):
    """The code of a care provider: eight digits. Source: AGB-register, Vektis."""

    __slots__ = ()

    PATTERN = "^[0-9]{8}$"
    CODE = "agb-code"
    SHAPE = Text(nl="Een AGB-code heeft acht cijfers.", en="An AGB code has eight digits.")


class KvkNumber(Identifier):
    """The number of an organisation: eight digits. Source: Handelsregister, Kamer van Koophandel."""

    __slots__ = ()

    PATTERN = "^[0-9]{8}$"
    CODE = "kvk-number"
    SHAPE = Text(nl="Een KvK-nummer heeft acht cijfers.", en="A KvK number has eight digits.")


class MunicipalityCode(Identifier):
    """The code of a municipality: GM and four digits. Source: Gemeentelijke indeling, CBS."""

    __slots__ = ()

    PATTERN = "^GM[0-9]{4}$"
    CODE = "municipality-code"
    SHAPE = Text(nl="Een gemeentecode is GM met vier cijfers.", en="A municipality code is GM and four digits.")


class RegionCode(Identifier):
    """The code of a jeugdregio: JZ and two digits. Source: Gebiedsindelingen, CBS."""

    __slots__ = ()

    PATTERN = "^JZ[0-9]{2}$"
    CODE = "region-code"
    SHAPE = Text(
        nl="De code van een jeugdregio is JZ met twee cijfers.",
        en="The code of a youth-care region is JZ and two digits.",
    )


_LETTERS = "(?:[A-RT-Za-rt-z][A-Za-z]|[Ss][BCE-RT-Zbce-rt-z])"


def plain_postcode(text: str) -> str:
    """The text without spaces at its ends and marks without width, and with plain spaces inside: "1811 AB"."""
    return _WITHOUT_WIDTH.sub("", text).replace("\u00a0", " ").replace("\u202f", " ").strip(" ")


class Pc4(Identifier):
    """The four digits of a postcode, of which the first is not 0. Source: PostNL.

    A whole postcode is taken as well, of which no more is kept.
    """

    __slots__ = ()

    PATTERN = f"^[1-9][0-9]{{3}}(?: ?{_LETTERS})?$"
    CODE = "pc4"
    SHAPE = Text(
        nl="Een postcode is vier cijfers, van 1000 tot en met 9999, met of zonder de letters: 1781, 1781AB of 1781 AB.",
        en="A postcode is four digits, from 1000 to 9999, with or without its letters: 1781, 1781AB or 1781 AB.",
    )

    @classmethod
    def _cleaned(cls, text: str) -> str:
        return plain_postcode(text)

    @classmethod
    def _normalised(cls, text: str) -> str:
        return text[:4]


class Postcode(Identifier):
    """A Dutch postcode, kept as "1811AB"; the letters are never SA, SD or SS. Source: PostNL.

    A space between digits and letters, also one that does not break, and small letters are taken as well; so is what
    is not seen at its ends, as spreadsheets and web pages leave it.
    """

    __slots__ = ()

    PATTERN = f"^[1-9][0-9]{{3}} ?{_LETTERS}$"
    CODE = "postcode"
    SHAPE = Text(
        nl="Een postcode bestaat uit vier cijfers en twee letters, zoals 1811 AB.",
        en="A postcode is four digits and two letters, such as 1811 AB.",
    )

    @classmethod
    def _cleaned(cls, text: str) -> str:
        return plain_postcode(text)

    @classmethod
    def _normalised(cls, text: str) -> str:
        return text.replace(" ", "").upper()

    @property
    def pc4(self) -> Pc4:
        """Its four digits, the most that is ever kept of where a child lives."""
        return Pc4(self[:4])
