"""Amounts as people write them, and as the ledger shows them."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.pages import figures
from app.rules.amounts import HIGHEST, UNITS, as_shown, format_yuan, in_english, in_unit, read_amount
from app.rules.figures import read_count, read_number, read_percent

YUAN_UNITS = [unit for unit, (currency, _) in UNITS.items() if currency == "CNY"]
cells = st.one_of(st.text(max_size=100), st.integers(), st.floats(), st.booleans(), st.none())


@pytest.mark.parametrize(
    ("cell", "unit", "yuan"),
    [
        ("5.4亿", "万元", 540_000_000),
        ("54000", "万元", 540_000_000),
        ("5.4亿元", "元", 540_000_000),
        ("0.205亿", "万元", 20_500_000),
        ("7,446.08", "万元", 74_460_800),
        ("１２，３４５", "元", 12_345),
        (" 9 766 万 ", "元", 97_660_000),
        ("5亿4000万元", "元", 540_000_000),
        ("¥5,400", "元", 5_400),
        ("500", "万美元", 5_000_000),
        (7446.08, "万元", 74_460_800),
        (0.9467426, "万元", 9_467),
        (0.1 + 0.2, "亿元", 30_000_000),
        ("0.5", "元", 1),
        ("0.49", "元", 0),
        (0, "万元", 0),
        (0.00005, "万元", 1),
    ],
)
def test_an_amount_is_read_in_the_unit_of_its_text_or_else_of_its_column(
    cell: str | float, unit: str, yuan: int
) -> None:
    read = read_amount(cell, unit)
    assert (read.value, read.doubt) == (yuan, None)


@pytest.mark.parametrize("cell", ["", None, "  ", "\u3000", "—", "-", "/", "－"])
def test_an_empty_amount_is_unknown_and_never_zero(cell: str | None) -> None:
    assert read_amount(cell, "万元").value is None


@pytest.mark.parametrize("cell", ["2000万件", "5万亩", "10万千瓦", "80万吨/年", "3万平方米", "100亿立方米"])
def test_wan_that_is_not_money_is_refused_as_a_quantity(cell: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_amount(cell, "万元")
    assert refusal.value.code == "not_money"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1-2亿", "not_an_amount"),
        ("5000万-1亿", "not_an_amount"),
        ("1,5", "not_an_amount"),
        ("人员03", "not_an_amount"),
        (True, "not_an_amount"),
        (float("nan"), "not_an_amount"),
        (float("inf"), "not_an_amount"),
        (1e300, "too_large"),
        pytest.param(10**5000, "too_large", id="endless"),
        ("1e99", "too_large"),
        ("-5", "negative"),
        (-0.6, "negative"),
        ("500万美元", "other_currency"),
        ("3亿日元", "other_currency"),
        ("9" * 100, "not_an_amount"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(cell: str | float, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_amount(cell, "元")
    assert refusal.value.code == code


def test_a_month_may_take_money_back() -> None:
    assert read_amount("-120.5", "万元", negative=True).value == -1_205_000
    assert read_amount(-120.5, "万元", negative=True).value == -1_205_000


@pytest.mark.parametrize("cell", ["约5亿", "5亿以上", "5亿元左右", "1.2E+05", "待定"])
def test_what_is_only_about_right_is_read_with_a_doubt(cell: str) -> None:
    assert read_amount(cell, "元").doubt


@pytest.mark.parametrize(
    ("yuan", "unit", "digits", "text"),
    [
        (5_449, "万元", 1, "0.5"),
        (5_500, "万元", 1, "0.6"),
        (-5_000, "万元", 0, "-1"),
        (-4_999, "万元", 0, "0"),
        (123_456_789_012, "万元", 2, "12,345,678.90"),
        (123_456_789_012, "亿元", None, "1,234.56789012"),
        (0, "万元", None, "0"),
        (HIGHEST, "元", None, "1,000,000,000,000,000"),
        (None, "元", None, ""),
    ],
)
def test_an_amount_is_shown_as_a_spreadsheet_would(yuan: int | None, unit: str, digits: int | None, text: str) -> None:
    assert format_yuan(yuan, unit, digits) == text


@given(st.integers(0, HIGHEST), st.sampled_from(YUAN_UNITS))
def test_an_amount_shown_in_full_is_read_back_as_itself(yuan: int, unit: str) -> None:
    assert read_amount(format_yuan(yuan, unit), unit).value == yuan
    assert read_amount(format_yuan(yuan, unit) + unit, "元").value == yuan


@given(st.integers(0, HIGHEST - 1), st.sampled_from(YUAN_UNITS))
def test_an_amount_kept_in_a_cell_is_read_back_as_itself(yuan: int, unit: str) -> None:
    assert read_amount(float(in_unit(yuan, unit)), unit).value == yuan


@pytest.mark.parametrize(
    ("yuan", "unit", "chinese", "english"),
    [
        (520_000_000, "yi", "5.20 亿元", "¥520 million"),
        (52_000_000, "wan", "5,200 万元", "¥52 million"),
        (58_597_000_000, "yi", "585.97 亿元", "¥58.597 billion"),
        (1_234_567, "wan", "123.46 万元", "¥1.2346 million"),
        (1_234_567, "yi", "0.01 亿元", "¥1 million"),
        (999_999_900_000, "yi", "10,000.00 亿元", "¥1,000 billion"),
        (850_000, "wan", "85 万元", "¥0.85 million"),
        (0, "wan", "0 万元", "¥0"),
        (-850_000, "wan", "-85 万元", "−¥0.85 million"),
        (None, "yi", "", ""),
    ],
)
def test_an_amount_in_a_sentence_counts_as_its_language_counts(
    yuan: int | None, unit: str, chinese: str, english: str
) -> None:
    assert figures.in_words(yuan, unit, "zh_CN").replace("\u00a0", " ") == chinese
    assert figures.in_words(yuan, unit, "en").replace("\u00a0", " ") == english


@given(st.integers(-HIGHEST, HIGHEST), st.sampled_from(sorted(figures.UNITS)))
def test_both_languages_are_as_exact_as_the_unit_shown(yuan: int, unit: str) -> None:
    rounded = as_shown(yuan, figures.UNITS[unit])
    assert read_amount(figures.in_words(yuan, unit, "zh_CN"), negative=True).value == rounded
    assert read_amount("".join(in_english(rounded)), negative=True).value == rounded


@given(st.integers(-HIGHEST, HIGHEST))
def test_an_amount_said_in_english_is_read_back_as_itself(yuan: int) -> None:
    assert read_amount(" ".join(in_english(yuan)), "万元", negative=True).value == yuan
    assert read_amount(" ".join(in_english(yuan, "USD")), "万美元", negative=True).value == yuan


def test_a_difference_says_its_sign_and_its_unit() -> None:
    assert figures.difference(-1_935_000_000, "yi", "en") == "−¥1.935\u00a0billion"
    assert figures.difference(46_811_000_000, "yi", "zh_CN") == "+468.11\u00a0亿元"
    assert figures.difference(0, "yi", "en") == "±¥0"


@given(cells, st.sampled_from(sorted(UNITS)))
def test_any_cell_gives_an_amount_or_a_refusal(cell: str | float | None, unit: str) -> None:
    for read in (lambda: read_amount(cell, unit), lambda: read_number(cell), lambda: read_percent(cell)):
        with suppress(Invalid):
            value = read().value
            assert value is None or 0 <= value <= HIGHEST


@pytest.mark.parametrize(("cell", "percent", "doubtful"), [("70%", 70, False), (70.0, 70, False), (0.7, 70, True)])
def test_percent_is_understood_as_seventy_however_it_is_stored(cell: str | float, percent: int, doubtful: bool) -> None:
    read = read_percent(cell)
    assert read.value == percent
    assert bool(read.doubt) is doubtful


def test_areas_and_counts_keep_their_own_units() -> None:
    assert read_number("230亩", ("亩",)).value == 230
    assert read_number("1.2万", ()).value == Decimal(12000)
    assert read_count("13个").value == 13
    assert read_count("（共 48 项）").value == 48
    with pytest.raises(Invalid):
        read_number("230亩", ("平方米",))
