"""What a change says and how it is proved: the difference of a row, and the hashes by which an act is linked to the one before."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import orjson

from app.models.base import Noun

Values = tuple[Any, ...]
Key = tuple[str, int]
"""Noun and row."""
Wrote = tuple[Key, Values | None, Values]
"""A row that an act wrote, as it was before (None: it is new), as it is now."""
Change = tuple[str, int, int | None, str]
"""Noun, row, zone and difference (canonical JSON, as it stands in the table)."""
ALG = "sha256-1"


def canonical(value: Any) -> bytes:
    """JSON in one form only, for hashing: sorted keys, no blanks, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def change_hash(change: Change) -> bytes:
    """What stands for one change in the hash of its act."""
    noun, row_id, zone_id, diff = change
    return sha256(f"{noun} {row_id} {zone_id or 0} {diff}".encode()).digest()


def link_hash(prev: str, facts: list[Any], changes: Iterable[bytes]) -> str:
    """The chain's next link: over the link before, the act's own facts, and the hash of each change in order."""
    made = sha256(ALG.encode() + prev.encode() + canonical(facts))
    for one in changes:
        made.update(one)
    return made.hexdigest()


def has_news(noun: Noun, before: Values, now: Values) -> bool:
    return any(before[i] != now[i] for i, _ in noun.told)


def difference(noun: Noun, before: Values | None, now: Values) -> tuple[dict[str, Any], dict[str, Any], str]:
    """``{field: [before, after]}``, the clear values of private fields, and the salt of the hashes ("" when there are none).

    Private fields stand in the difference as salted hashes, so their clear values can be erased and the chain still
    verifies; secret ones never stand anywhere in clear.
    """
    if before is None:
        news = [(name, None, new) for i, name in noun.told if (new := now[i]) is not None]
    else:
        news = [(name, before[i], now[i]) for i, name in noun.told if before[i] != now[i]]
    covered = noun.private | noun.secret
    if not covered:
        return {name: [old, new] for name, old, new in news}, {}, ""
    diff: dict[str, Any] = {}
    clear: dict[str, Any] = {}
    salt = ""
    for name, old, new in news:
        if name not in covered:
            diff[name] = [old, new]
            continue
        salt = salt or secrets.token_hex(16)
        diff[name] = [hidden(salt, old), hidden(salt, new)]
        if name in noun.private:
            clear[name] = [old, new]
    return diff, clear, salt


def hidden(salt: str, value: Any) -> str | None:
    """What stands in a difference for a value that may have to be forgotten."""
    return None if value is None else "#" + sha256(salt.encode() + canonical(value)).hexdigest()[:32]
