"""How cells of waiting children are read: codes by their names, months, and never a full date of birth."""

import pytest

from app.dossiers.deliveries.cells import codes_in, gender, month, municipality
from app.dossiers.deliveries.columns import CELLS, LAYOUT
from app.kit.files.cells import Cell, CellError
from app.reference.lists import reference

CAUSES = codes_in(lambda: reference().waiting_causes)
CLOSING = CELLS["closedReason"]


@pytest.mark.parametrize(
    ("read", "cell", "value"),
    [
        (month, "2014-05", "2014-05"),
        (month, "2014/5", "2014-05"),
        (month, "05-2014", "2014-05"),
        (month, "5-2014", "2014-05"),
        (month, "mei 2014", "2014-05"),
        (month, "May\xa02014", "2014-05"),
        (month, "mrt. 2014", "2014-03"),
        (month, "mei-14", "2014-05"),
        (month, "2014-05-01", "2014-05"),  # what a spreadsheet makes of 2014-05
        (month, "1-5-2014", "2014-05"),
        (month, "2014-05-01T00:00:00", "2014-05"),
        (gender, "V", "female"),
        (gender, "Jongen", "male"),
        (gender, "Non-binair", "other"),
        (gender, "?", "unknown"),
        (gender, "anders", "other"),
        (gender, "iets", "iets"),
        (municipality, "GM0400", "GM0400"),
        (municipality, "den helder", "GM0400"),
        (municipality, "'s-Gravenhage", "GM0518"),
        (municipality, "Den Haag", "GM0518"),
        (municipality, "Den Bosch", "GM0796"),
        (municipality, "Ergens", "Ergens"),
        (CAUSES, "waiting-list", ["waiting-list"]),
        (CAUSES, "Wachtlijst bij de aanbieder;no-contract", ["waiting-list", "no-contract"]),
        (CAUSES, "Waiting list at the provider,\n No contract", ["waiting-list", "no-contract"]),
        (CLOSING, "Beëindigd door een oorzaak van buiten, zoals verhuizing", "external-cause"),
        (CELLS["measureType"], "Ondertoezichtstelling", "11"),
        (CELLS["choice1"], "JeugdzorgPlus (gesloten jeugdhulp)", "jeugdzorgplus"),
    ],
)
def test_what_a_cell_says(read: Cell, cell: str, value: object) -> None:
    assert read(cell) == value


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("13-05-2014", "full-date"),
        ("2014-05-13", "full-date"),
        ("13 mei 2014", "full-date"),
        ("41772", "format"),
        ("2014", "format"),
        ("2014-13", "format"),
        ("zomer 2014", "format"),
        ("31-12-9999", "format"),
        ("", "format"),
    ],
)
def test_what_is_no_month(cell: str, code: str) -> None:
    with pytest.raises(CellError) as error:
        month(cell)
    assert error.value.code == code
    assert error.value.text.nl != error.value.text.en


def test_no_two_columns_have_one_name() -> None:
    names = [name for field, names in LAYOUT.names.items() for name in {field, *names.split(", ")}]
    assert len({LAYOUT.column_of(name) for name in names}) == len(CELLS)
    for field, others in LAYOUT.names.items():
        for name in (field, *others.split(", ")):
            column = LAYOUT.column_of(name)
            assert column is not None
            assert column.field == field, name
