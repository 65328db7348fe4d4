"""Days, months, spans and periods in the forms of real tables."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.rules.months import EARLIEST, LATEST, SERIAL_START, read_day, read_month, read_span, read_when
from app.rules.periods import read_period

YEARS = st.integers(EARLIEST, LATEST)
MONTHS = st.integers(1, 12)


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        (40377, "2010-07-18", "2010-07-18"),
        (40377.5, "2010-07-18", "2010-07-18"),
        ("40377", "2010-07-18", "2010-07-18"),
        ("2022.04", "2022-04", "2022-04"),
        (2022.04, "2022-04", "2022-04"),
        ("2026.4", "2026-04", "2026-04"),
        ("2026-04", "2026-04", "2026-04"),
        ("２０２６／４", "2026-04", "2026-04"),
        ("2026年4月", "2026-04", "2026-04"),
        ("2026年4月5日", "2026-04-05", "2026-04-05"),
        ("2026-04-05T00:00:00", "2026-04-05", "2026-04-05"),
        ("2026年 4月 底", "2026-04", "2026-04"),
        (202204, "2022-04", "2022-04"),
        (20220405, "2022-04-05", "2022-04-05"),
        ("2026年底", "2026-12", "2026-12"),
        ("2026年三季度", "2026-07", "2026-09"),
        ("2009-2011", "2009-01", "2011-12"),
        ("2010-", "2010-01", None),
        ("2010年3月至今", "2010-03", None),
        ("2007.10-2010.12", "2007-10", "2010-12"),
        ("2007年10月—2010年12月", "2007-10", "2010-12"),
        ("2026-04-2027-06", "2026-04", "2027-06"),
        ("2026年4-12月", "2026-04", "2026-12"),
        ("2026.4.5至2026.8.9", "2026-04-05", "2026-08-09"),
    ],
)
def test_every_form_of_a_date_is_read_without_a_doubt(cell: str | float, start: str, end: str | None) -> None:
    read = read_when(cell)
    assert read.value is not None
    assert (read.value.start, read.value.end, read.doubt) == (start, end, None)


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("09.10-11.3", "2009-10", "2011-03"),
        (2022.1, "2022-01", "2022-01"),
        ("2010.3-12", "2010-03", "2010-12"),
        ("2011-2009", "2011-01", "2009-12"),
        ("2026年初", "2026-01", "2026-01"),
    ],
)
def test_what_two_people_could_read_differently_carries_a_doubt(cell: str | float, start: str, end: str) -> None:
    read = read_when(cell)
    assert read.value is not None
    assert (read.value.start, read.value.end) == (start, end)
    assert read.doubt
    assert read.doubt.format(**read.values)


@pytest.mark.parametrize("cell", ["", None, " ", "20XX.0X", "20××年×月", "    年  月", "—", "____年__月"])
def test_a_hint_that_was_never_filled_in_is_blank(cell: str | None) -> None:
    assert read_when(cell).value is None


@pytest.mark.parametrize("cell", ["3年", "36个月", "2022.13", "2022.02.30", "1850.01", "人员03", "5", -3, 1e12, True])
def test_what_is_no_date_is_refused(cell: str | float) -> None:
    with pytest.raises(Invalid) as refusal:
        read_when(cell)
    assert refusal.value.code == "not_a_date"


def test_a_month_without_a_year_takes_the_year_of_its_sheet_and_says_so() -> None:
    read = read_month("9月", year=2026)
    assert (read.value, bool(read.doubt)) == ("2026-09", True)
    with pytest.raises(Invalid):
        read_month("9月")


def test_a_field_takes_its_own_end_of_a_span() -> None:
    assert read_month("2009-2011").value == "2009-01"
    assert read_month("2009-2011", end=True).value == "2011-12"
    assert read_day("2026年4月") == (
        "2026-04-01",
        "2026年4月",
        "“{text}” names no day; {day} is taken",
        {"text": "2026年4月", "day": "2026-04-01"},
    )


def test_in_a_column_of_spans_a_month_may_be_two_years() -> None:
    read = read_span("2009-11")
    assert read.value is not None
    assert (read.value.start, read.value.end) == ("2009-11", None)
    assert read.doubt is not None
    assert "span of years" in read.doubt


@given(YEARS, MONTHS, st.sampled_from(["{0:04}-{1:02}", "{0}.{1:02}", "{0}年{1}月", "{0}/{1}", "{0}{1:02}"]))
def test_every_month_written_in_any_form_is_itself(year: int, month: int, form: str) -> None:
    assert read_month(form.format(year, month)).value == f"{year:04}-{month:02}"


@given(st.tuples(YEARS, MONTHS), st.tuples(YEARS, MONTHS), st.sampled_from(["-", "~", "至", "—", "～", " - "]))
def test_every_span_keeps_its_two_ends(start: tuple[int, int], end: tuple[int, int], between: str) -> None:
    first, last = sorted([start, end])
    read = read_span(f"{first[0]}.{first[1]}{between}{last[0]}.{last[1]}")
    assert read.value is not None
    assert (read.value.start, read.value.end) == (f"{first[0]}-{first[1]:02}", f"{last[0]}-{last[1]:02}")


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_as_a_sheet_counts_it_is_that_day(day: date) -> None:
    assert read_day((day - SERIAL_START).days).value == day.isoformat()
    assert read_day(day.isoformat()).value == day.isoformat()


@given(
    st.one_of(
        st.text(max_size=100), st.text("0123456789-.~年月日至今XX ", max_size=20), st.integers(), st.floats(), st.none()
    )
)
def test_any_cell_gives_a_date_or_a_refusal(cell: str | float | None) -> None:
    for read in (read_when, read_span):
        with suppress(Invalid):
            value = read(cell).value
            assert value is None or "1950" <= (value.start or value.end or "")[:4] <= "2099"


@pytest.mark.parametrize(
    ("text", "extent", "year", "first", "last"),
    [
        ("2010年1-7月完成投资", "year_to_date", 2010, 1, 7),
        ("1—7月累计", "year_to_date", None, 1, 7),
        ("至2009年底累计完成投资", "before_year", 2010, None, None),
        ("开工至上一年度底累计完成投资", "before_year", None, None, None),
        ("至上年底累计", "before_year", None, None, None),
        ("2010年度计划投资额", "year", 2010, None, None),
        ("年度计划投资", "year", None, None, None),
        ("8月完成投资", "month", None, None, 8),
        ("本月完成", "month", None, None, None),
        ("8月至12月计划投资额", "part", None, 8, 12),
        ("年初至本月累计完成", "year_to_date", None, None, None),
        ("开工累计", "to_date", None, None, None),
        ("自开始累积完成投资", "to_date", None, None, None),
        ("2026年5月在建项目台账", "month", 2026, None, 5),
        ("2010年全市在建重点项目完成情况表（1-3月）", "year_to_date", 2010, 1, 3),
        ("大干150天力争完成的投资额", None, None, None, None),
        ("完成投资占年计划%", None, None, None, None),
    ],
)
def test_a_title_or_heading_names_its_period(
    text: str, extent: str | None, year: int | None, first: int | None, last: int | None
) -> None:
    assert read_period(text)[:4] == (extent, year, first, last)
