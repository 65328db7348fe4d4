"""Search: two Chinese characters, initials or pinyin letters find a row, through the index that really runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.search_terms import fts_match, matches, readings, sort_key, terms_of_query, terms_of_row, words_of_query

sqlite3 = pytest.importorskip("pysqlite3.dbapi2")

ZONE, OTHER = 12, 120
NAMES = {
    1: ("聊城经开区高精度轴承套圈智能生产线（演示）", "砺石精工有限公司（演示）", "东昌东路 88 号 B3 厂房"),
    2: ("重庆银行长春厦门单县项目", "莘县车桥", None),
    3: ("５Ｇ通信 LED 显示屏 ABC-200", None, "黄山路"),
    4: ("绿色女装", "𬭎鿏新材", None),
}


def found(q: str) -> set[int]:
    """What the check on the text finds, after proving that the index offers every one of them."""
    true = {key for key, row in NAMES.items() if matches(q, *row)}
    groups = terms_of_query(q, ZONE)
    if groups:
        offered = {key for key, row in NAMES.items() if satisfied(groups, terms_of_row(*row, ZONE))}
        assert true <= offered
    return true


def satisfied(groups: list[list[str]], terms: list[str]) -> bool:
    return all(set(group) & set(terms) for group in groups)


@pytest.mark.parametrize(
    ("q", "rows"),
    [
        ("经开", {1}),
        ("jkq", {1}),
        ("JKQ", {1}),
        ("jingkai", {1}),
        ("jingk", {1}),
        ("轴承套圈", {1}),
        ("zctq", {1}),
        ("砺石", {1}),
        ("东昌东路", {1}),
        ("b3", {1}),
        ("经开 套圈", {1}),
        ("经开 莘县", set()),
        ("chongqing", {2}),
        ("zhongqing", {2}),
        ("yinhang", {2}),
        ("changchun", {2}),
        ("xiamen", {2}),
        ("shanxian", {2}),
        ("shenxian", {2}),
        ("sx", {2}),
        ("5g", {3}),
        ("5G通信", {3}),
        ("ｌｅｄ", {3}),
        ("led显示", {3}),
        ("ledxs", {3}),
        ("abc200", {3}),
        ("huangshan", set()),
        ("黄山", {3}),
        ("lvse", {4}),
        ("lüse", {4}),
        ("𬭎鿏", {4}),
        ("ingkai", set()),
        ("不在", set()),
    ],
)
def test_a_query_finds_its_rows(q: str, rows: set[int]) -> None:
    assert found(q) == rows


def test_one_character_has_no_terms_and_is_matched_by_the_text() -> None:
    assert terms_of_query("经", ZONE) == []
    assert matches("经", *NAMES[1])
    assert terms_of_query("  ", ZONE) == [] and words_of_query("（）") == ()


def test_the_zone_is_a_term_of_its_own() -> None:
    assert f"z{ZONE}" in terms_of_row("经开", None, None, ZONE)
    assert terms_of_query("经开", ZONE)[-1] == [f"z{ZONE}"]
    assert not satisfied(terms_of_query("经开", OTHER), terms_of_row("经开", None, None, ZONE))


def test_terms_are_sorted_unique_ascii_words() -> None:
    for row in NAMES.values():
        terms = terms_of_row(*row, ZONE)
        assert terms == sorted(set(terms))
        assert all(term.isascii() and term.isalnum() for term in terms)


@pytest.mark.parametrize("tokenizer", ["unicode61", "ascii"])
def test_the_real_index_keeps_every_term_as_one_token(tokenizer: str) -> None:
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE search USING fts5(terms, content='', contentless_delete=1, detail=none, "
        f"tokenize='{tokenizer}')"
    )
    for key, row in NAMES.items():
        db.execute("INSERT INTO search (rowid, terms) VALUES (?, ?)", (key, " ".join(terms_of_row(*row, ZONE))))
    db.execute("CREATE VIRTUAL TABLE word USING fts5vocab(search, 'row')")
    kept = {term for (term,) in db.execute("SELECT term FROM word")}
    assert kept == {term for row in NAMES.values() for term in terms_of_row(*row, ZONE)}
    for q in ("经开", "jkq", "jingkai", "chongqing", "5G通信", "𬭎鿏", "ab", "经开 套圈", "or", "and not"):
        offered = {
            r
            for (r,) in db.execute(
                "SELECT rowid FROM search WHERE search MATCH ?", (fts_match(terms_of_query(q, ZONE)),)
            )
        }
        assert found(q) <= offered
    db.execute("DELETE FROM search WHERE rowid = 1")
    assert not db.execute(
        "SELECT rowid FROM search WHERE search MATCH ?", (fts_match(terms_of_query("经开")),)
    ).fetchall()


ALPHABET = st.sampled_from([*"经开区重庆长厦莘单绿车行会啊俄", *"abz019", *" （）-", "Ａ", "𬭎", "é", "ß", "か"])
texts = st.text(ALPHABET, max_size=14)


@given(texts, texts, texts, st.text(ALPHABET, min_size=1, max_size=7))
def test_no_true_hit_is_missing_from_the_index(name: str, investor: str, location: str, q: str) -> None:
    groups = terms_of_query(q, ZONE)
    if groups and matches(q, name, investor, location):
        assert satisfied(groups, terms_of_row(name, investor, location, ZONE))


@given(st.text("经开区重庆长厦莘单绿车a5", min_size=1, max_size=8), st.data())
def test_a_name_is_found_by_its_letters_from_any_character_on_in_any_reading(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    letters = "".join(data.draw(st.sampled_from(readings(char))) for char in name[at:])
    q = letters[: data.draw(st.integers(1, len(letters)))]
    if len(q) >= 3:
        assert matches(q, name, None, None)
        assert satisfied(terms_of_query(q, ZONE), terms_of_row(name, None, None, ZONE))


@given(texts, st.data())
def test_every_two_characters_of_a_name_find_it(name: str, data: st.DataObject) -> None:
    words = [word for word in name.split() if len(word) > 1]
    if words:
        word = data.draw(st.sampled_from(words))
        at = data.draw(st.integers(0, len(word) - 2))
        assert matches(word[at : at + 2], name, None, None)


@given(st.text(max_size=30), st.text(max_size=10))
def test_any_text_can_be_indexed_asked_for_and_sorted(name: str, q: str) -> None:
    terms_of_row(name, name, name, ZONE)
    matches(q, name, name, name)
    key = sort_key(name)
    assert key.isascii()
    assert len(key) <= 240


def test_names_sort_by_pinyin_with_latin_before_chinese() -> None:
    names = ["张庄", "安平", "西安", "先进", "abc", "3 号", "陈庄", "长春"]
    assert sorted(names, key=sort_key) == ["3 号", "abc", "安平", "长春", "陈庄", "西安", "先进", "张庄"]
