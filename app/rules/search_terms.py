"""One function gives search terms for rows and for queries; candidates found by terms are then checked on the real text.

Neither database splits a Chinese name into words, and trigrams cannot serve the two characters people type. So a row
carries pieces, all plain ASCII, which no tokenizer of FTS5 folds or splits (``unicode61`` turns é into e and cuts at
signs) and PostgreSQL holds in ``text[]`` just the same:

* ``t`` two neighbouring characters, each non-ASCII one as its code point in hex,
* ``i`` the initials of two neighbouring characters (a Latin letter or digit is its own initial),
* ``p`` and ``q`` the first three and six pinyin letters from a character on,
* ``z`` the zone.

So 经开, jkq and jingkai all find 经开区. A character with several readings carries each. A collision of two pieces only
brings a candidate that the check on the text throws out; a true hit is never missing.
"""

from __future__ import annotations

from functools import cache, lru_cache
from re import findall
from unicodedata import normalize

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal, to_tone3

SHORT, LONG = 3, 6
MOST_READINGS = 3
MOST_WORDS = 6
LONGEST_KEY = 240
ASCII_ALNUM = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


@lru_cache(maxsize=1 << 15)
def fold(text: str) -> str:
    """Text as it is compared: full-width forms made plain, lower case, letters and digits only."""
    return "".join(c for c in normalize("NFKC", text).casefold().replace("ü", "v") if c.isalnum())


@cache
def readings(char: str) -> tuple[str, ...]:
    """How one folded character is read, in pinyin letters, commonest first; an ASCII one as itself; none if unknown."""
    if char in ASCII_ALNUM:
        return (char,)
    marked = PINYIN_DICT.get(ord(char), "")
    plain = (to_normal(r, v_to_u=False) for r in marked.split(",") if r)
    known = dict.fromkeys(r for r in plain if r and all(c in ASCII_ALNUM for c in r))
    return tuple(known)[:MOST_READINGS]


@cache
def _initials(char: str) -> str:
    return "".join(dict.fromkeys(r[0] for r in readings(char)))


@cache
def _shortest(char: str) -> int:
    return min(map(len, readings(char)), default=LONG)


def _code(char: str) -> str:
    return char if char in ASCII_ALNUM else f"{ord(char):x}"


@lru_cache(maxsize=1 << 16)
def _pair(pair: str, pinyin: bool) -> tuple[str, ...]:
    """Pieces of two neighbouring characters: their text, and with ``pinyin`` their initials."""
    first, second = pair[0], pair[1]
    plain = first in ASCII_ALNUM and second in ASCII_ALNUM
    text = () if plain else (f"t{_code(first)}{_code(second)}",)
    initials = tuple(f"i{a}{b}" for a in _initials(first) for b in _initials(second)) if pinyin or plain else ()
    return text + initials


@lru_cache(maxsize=1 << 17)
def _starts(window: str) -> tuple[str, ...]:
    """Pieces of pinyin letters that begin with the first character of ``window``, over all readings."""
    growing, pieces = [""], list[str]()
    for char in window:
        longer = [stem + reading for stem in growing for reading in readings(char)]
        if not longer:
            break
        pieces += [f"q{stem[:LONG]}" for stem in longer if len(stem) >= LONG]
        growing = [stem for stem in longer if len(stem) < LONG]
        if not growing:
            break
    pieces += [f"p{stem[1 : SHORT + 1]}" for stem in pieces]
    return tuple(pieces + [f"p{stem[:SHORT]}" for stem in growing if len(stem) >= SHORT])


@lru_cache(maxsize=1 << 17)
def _here(near: str) -> tuple[str, ...] | None:
    """All pieces that begin with the first of up to three characters; None where these hold too few letters to say."""
    if sum(map(_shortest, near)) < LONG:
        return None
    return (*(_pair(near[:2], True) if len(near) > 1 else ()), *_starts(near))


def _pieces(text: str, pinyin: bool) -> set[str]:
    if not pinyin:
        return set[str]().union(*[_pair(text[at : at + 2], False) for at in range(len(text) - 1)])
    found: set[str] = set()
    for at in range(len(text)):
        # Three characters nearly always hold six letters; the short window is met again and again, so it is cached.
        its = _here(text[at : at + 3])
        if its is None:
            near = text[at : at + LONG]
            its = (*(_pair(near[:2], True) if len(near) > 1 else ()), *_starts(near))
        found.update(its)
    return found


_pieces_again = lru_cache(maxsize=1 << 12)(_pieces)
"""For investors and locations, which many projects share."""


def terms_of_row(name: str | None, investor: str | None, location: str | None, zone_id: int) -> list[str]:
    """Every term a row is found by, sorted, each once. Location is found by its text, the names by pinyin too."""
    terms = {f"z{zone_id}"}
    if name:
        terms |= _pieces(fold(name), True)
    if investor:
        terms |= _pieces_again(fold(investor), True)
    if location:
        terms |= _pieces_again(fold(location), False)
    return sorted(terms)


@lru_cache(maxsize=256)
def words_of_query(q: str) -> tuple[str, ...]:
    """The words asked for, folded; a row must match each of them."""
    return tuple(word for word in map(fold, normalize("NFKC", q).split()) if word)[:MOST_WORDS]


def terms_of_query(q: str, zone_id: int | None = None) -> list[list[str]]:
    """Groups of terms: a candidate has at least one of every group.

    An empty list says that the index cannot help (nothing asked, or single characters only): go through the rows and
    ask :func:`matches`, which also decides about every candidate.
    """
    groups: list[list[str]] = []
    for word in words_of_query(q):
        letters = _letters(word)
        for at in range(len(word) - 1):
            group = list(_pair(word[at : at + 2], False)) + letters
            if group not in groups:
                groups.append(group)
    return [*groups, [f"z{zone_id}"]] if groups and zone_id is not None else groups


def _letters(word: str) -> list[str]:
    """Typed as full pinyin, a word of three letters or more is found by how it starts."""
    if len(word) < SHORT or not ASCII_ALNUM.issuperset(word):
        return []
    return [f"q{word[:LONG]}" if len(word) >= LONG else f"p{word[:SHORT]}"]


def fts_match(groups: list[list[str]]) -> str:
    """The groups as one FTS5 expression. Terms are ASCII letters and digits, so nothing needs quoting but keywords."""
    return " AND ".join("(" + " OR ".join(f'"{term}"' for term in group) + ")" for group in groups)


def matches(q: str, name: str | None, investor: str | None, location: str | None) -> bool:
    """Does the row really hold every word asked for: in its text, as initials, or as pinyin letters from a character on?"""
    return all(_found(word, name, investor, location) for word in words_of_query(q))


def _found(word: str, name: str | None, investor: str | None, location: str | None) -> bool:
    for text in (name, investor):
        if text and _holds(fold(text), word):
            return True
    return location is not None and word in fold(location)


def _holds(text: str, word: str) -> bool:
    if word in text:
        return True
    if not ASCII_ALNUM.issuperset(word):
        return False
    return _has_initials(text, word) or (len(word) >= SHORT and any(_reads(text, at, word) for at in range(len(text))))


def _has_initials(text: str, word: str) -> bool:
    initials = [_initials(char) for char in text]
    return any(
        all(letter in initials[at + n] for n, letter in enumerate(word)) for at in range(len(text) - len(word) + 1)
    )


def _reads(text: str, at: int, word: str) -> bool:
    """Can the text from this character on be read so that it begins with the word (whose last syllable may be cut)?"""
    if not word:
        return True
    if at >= len(text):
        return False
    return any(
        reading.startswith(word) or (word.startswith(reading) and _reads(text, at + 1, word[len(reading) :]))
        for reading in readings(text[at])
    )


IN_CONTEXT = frozenset("长重行厦单朝藏调乐曾都莘传系盛薄柏阿")
"""Characters of this field whose reading hangs on the word (长春, 银行, 重庆): names with one are read word by word."""


@cache
def _sort_piece(char: str) -> str:
    if char.isascii():
        return char
    marked = PINYIN_DICT.get(ord(char), "").split(",")[0]
    # "~" stands behind every letter and digit, so Latin names come before Chinese ones, as in a spreadsheet.
    return f"~{to_tone3(marked, v_to_u=False)}" if marked else f"~~{ord(char):x}"


def _in_context(text: str) -> str:
    """The same pieces with each word read as a word."""
    pieces: list[str] = []
    for run in findall(r"[\u3400-\u9fff]+|.", text):
        if len(run) > 1 and not IN_CONTEXT.isdisjoint(run):
            pieces += [f"~{syllable}" for syllable in lazy_pinyin(run, style=Style.TONE3, v_to_u=False)]
        else:
            pieces += map(_sort_piece, run)
    return "".join(pieces)


def sort_key(text: str) -> str:
    """Pinyin key by which text is sorted, byte by byte, alike on both databases: ASCII, at most 240 characters.

    By syllable, then tone; digits before Latin before Chinese.
    """
    plain = normalize("NFKC", text).casefold()
    kept = "".join(c for c in plain if c.isalnum() or c == " ")
    key = "".join(map(_sort_piece, kept)) if IN_CONTEXT.isdisjoint(kept) else _in_context(kept)
    return key.encode("ascii", "ignore").decode()[:LONGEST_KEY].strip()
