"""What a paper says, in one canonical text: the hash of its figures, and the short code that stands on it.

The text is written by this program in a form of its own name (``FORM``). Whoever changes what stands in it gives it a new
name and keeps the old one: papers that were signed are read in the form that they were written in.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

FORM = "sanzhang-month-1"
AMOUNTS = (
    "total_investment_yuan", "annual_plan_yuan", "invested_yuan", "cumulative_this_year_yuan", "invested_to_date_yuan",
)  # fmt: skip
TEXTS = ("progress_text", "problems_own", "problems_government", "next_steps", "no_change_reason")
FIELDS = ("name", *AMOUNTS, *TEXTS)
"""What the paper says of each project, and what is compared with the register afterwards."""
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U: they are misread."""
LENGTH = 10
MISREAD = str.maketrans("ILO", "110")


def content_hash(figures: dict[str, Any]) -> str:
    """The SHA-256 of the canonical text: keys in order, no blanks, whole numbers, null for unknown."""
    text = json.dumps({"form": FORM, **figures}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def short_code(hash_: str, number: int) -> str:
    """The code of the ``number``-th paper of a zone's month. The same figures submitted again are another paper."""
    left = int.from_bytes(sha256(f"{hash_}#{number}".encode()).digest()[:8]) >> (64 - 5 * LENGTH)
    return "".join(LETTERS[left >> 5 * n & 31] for n in reversed(range(LENGTH)))


def shown_code(code: str) -> str:
    """As it stands on paper, in two halves."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read_code(sent: str) -> str:
    """A code as somebody typed it from paper: blanks, hyphens and small letters do not matter, misread letters are known."""
    return "".join(c for c in sent.upper().translate(MISREAD) if c.isalnum())[:40]


def differences(paper: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where the register says something else than the paper: the project's code and name, the field, both values. A project
    that only one of them has is told without a field."""
    found: list[dict[str, Any]] = []
    later = {row["code"]: row for row in now}
    for row in paper:
        other = later.pop(row["code"], None)
        about = {"project": row["code"], "name": row["name"]}
        if other is None:
            found.append({**about, "field": None, "on_paper": row["name"], "now": None})
            continue
        found += [
            {**about, "field": name, "on_paper": row[name], "now": other[name]}
            for name in FIELDS
            if row[name] != other[name]
        ]
    found += [
        {"project": row["code"], "name": row["name"], "field": None, "on_paper": None, "now": row["name"]}
        for row in later.values()
    ]
    return found
