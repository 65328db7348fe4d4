"""Codes and names: what is repaired, what is refused, what is only a warning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.identity import (
    CREDIT_LETTERS,
    credit_check,
    credit_code,
    filed_elsewhere,
    filed_in,
    firm_key,
    mask_phone,
    national_code,
    shown_phone,
    zone_code,
    zone_key,
)

CODE = "2502-371500-04-01-000000"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        " 2502-371500-04-01-000000\n",
        "2502－371500－04－01－000000",
        "２５０２—３７１５００—０４—０１—００００００",
        "2502 - 371500 - 04 - 01 - 000000",
        "2502一371500一04一01一000000",
        "2502--371500-04-01-000000",
        "25023715000401000000",
    ],
)
def test_a_national_code_is_repaired(typed: str) -> None:
    assert national_code(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["", "2502-371500-04-01-00000", "2502-371500-04-01-0000000", "abcd-371500-04-01-000000"]
)
def test_what_is_not_a_national_code_is_none(typed: str) -> None:
    assert national_code(typed) is None


@pytest.mark.parametrize(
    ("filed", "zone", "warns"),
    [
        ("371502", "371502", False),
        ("371502", "371581", True),
        ("371500", "371581", False),
        ("370000", "371581", False),
        ("371502", "371500", False),
        ("370100", "371502", True),
        ("110000", "371502", True),
        ("000000", "371502", False),
    ],
)
def test_a_filing_in_another_region_is_a_warning(filed: str, zone: str, warns: bool) -> None:
    assert filed_elsewhere(f"2502-{filed}-04-01-000000", zone) is warns


def test_a_zone_whose_code_has_no_region_is_warned_of_nothing() -> None:
    code = "2502-371525-04-01-123456"
    assert filed_in(code, "371502-ETDZ") == "371525"
    assert filed_in(code, "371525-ETDZ") is None
    assert filed_in(code, "EAST") is None
    assert filed_in(None, "371502-ETDZ") is None


def test_zone_codes_have_a_region_and_a_kind() -> None:
    assert zone_code("371500-etdz ") == "371500-ETDZ"
    assert zone_code("371500－OTHER－2") == "371500-OTHER-2"
    assert zone_code("371500-PARK") is None


def test_a_known_credit_code_passes_and_a_mistyped_one_does_not() -> None:
    good = "91350100M000100Y43"  # the example printed in the standard
    assert credit_code(" 91350100m000100y43 ") == good
    assert credit_code("91350100M000100Y44") is None
    assert credit_code("91350100M000100O43") is None
    assert credit_code(good[:-1]) is None


@given(st.text(CREDIT_LETTERS, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(CREDIT_LETTERS))
def test_one_wrong_character_is_always_noticed(body: str, at: int, wrong: str) -> None:
    code = body + credit_check(body)
    assert credit_code(code) == code
    if wrong != body[at]:
        assert credit_code(code[:at] + wrong + code[at + 1 :]) is None


def test_a_phone_is_masked_for_those_who_may_not_read_it() -> None:
    assert mask_phone("138 0000 0100") == "138****0100"
    assert shown_phone("13800000100", may_read=True) == "13800000100"
    assert shown_phone("13800000100", may_read=False) == "138****0100"
    assert shown_phone(None, may_read=False) is None


@given(st.text("0123456789０９ -—+x转", max_size=30))
def test_a_masked_phone_never_shows_more_than_seven_digits(typed: str) -> None:
    shown = mask_phone(typed)
    digits = [c for c in typed if c.isdecimal()]
    assert sum(c.isdigit() for c in shown) <= min(7, max(0, len(digits) - 1))


def test_firms_match_without_their_legal_form() -> None:
    assert firm_key("砺石精工（聊城）有限公司") == firm_key("砺石精工(聊城) 股份有限公司") == "砺石精工聊城"
    assert firm_key("公司") == "公司"


ALIASES = {
    "聊城高新技术产业开发区": "371500-HTZ",
    "市高新区": "371500-HTZ",
    "聊城经济技术开发区": "371500-ETDZ",
    "市经开区": "371500-ETDZ",
    "茌平经济开发区": "371503-ETDZ",
    "在平经开区": "371503-ETDZ",
    "嘉明经开区": "371502-ETDZ",
}


@pytest.mark.parametrize(
    ("spelt", "code"),
    [
        ("聊城高新区", "371500-HTZ"),
        ("市高新区", "371500-HTZ"),
        ("聊城经开区管委会", "371500-ETDZ"),
        ("在平经济开发区", "371503-ETDZ"),
        ("茌平 经开区", "371503-ETDZ"),
        ("嘉明经济开发区", "371502-ETDZ"),
        ("高新区", None),
    ],
)
def test_zone_spellings_of_different_sources_mean_one_zone(spelt: str, code: str | None) -> None:
    assert {code for known, code in ALIASES.items() if zone_key(known) == zone_key(spelt)} == {code} - {None}


def test_the_committee_that_runs_a_zone_is_no_part_of_its_name() -> None:
    assert zone_key("聊城经济技术开发区管理委员会") == "聊城经开区"
