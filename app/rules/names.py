"""Names in a cell: one or several, with the blanks that forms pad them with; and the key by which two spellings meet."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

SEPARATORS = re.compile(r"[、,，;；\n]+")
HAN = re.compile(r"[\u3400-\u9fff·]+")


def split_names(text: str | None) -> list[str]:
    """The names in a cell, in their order, each once.

    ``张三、李四`` are two; so are ``张三 李四``, for Chinese words are not parted by blanks. ``张 三`` is one name padded to
    the width of three characters, and ``Zhang San`` is one name.
    """
    return list(_split(text or ""))


@lru_cache(maxsize=4096)
def _split(text: str) -> tuple[str, ...]:
    """A zone has few leaders and units, and a sheet names them in every row."""
    found: dict[str, str] = {}
    for piece in SEPARATORS.split(text):
        for name in _by_blanks(piece.split()):
            found.setdefault(name_key(name), name)
    found.pop("", None)
    return tuple(found.values())


def _by_blanks(parts: list[str]) -> list[str]:
    if len(parts) < 2 or not all(HAN.fullmatch(p) for p in parts):
        return [" ".join(parts)]
    names: list[str] = []
    open_ = False
    for part in parts:
        if len(part) == 1 and open_:
            names[-1] += part
            open_ = False
        else:
            names.append(part)
            open_ = len(part) == 1
    return names


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Two spellings with one key are one name: width, case and blanks make no difference."""
    return "".join(normalize("NFKC", name).casefold().split())


def join_names(names: list[str]) -> str | None:
    """Several names in one cell again; None when there is none."""
    return "、".join(names) or None
