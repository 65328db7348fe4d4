"""The chain: acts numbered without a gap, each with its changes, each linked to the one before, up to the head."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.audit.report import Part
from app.differences import ALG, change_hash, link_hash
from app.engine import Link, Sql
from app.kept_sql import HASHED

ACTS = Sql(f"SELECT {', '.join(HASHED)}, alg, prev, hash FROM act ORDER BY seq")
CHANGES = Sql("SELECT seq, n, noun, row_id, zone_id, diff FROM change ORDER BY seq, n")
HEAD = Sql("SELECT seq, at, hash FROM head")
Change = tuple[Any, ...]


def check_chain(link: Link) -> Part:
    """Walk all acts and their changes once, in order."""
    part = Part("Chain")
    before: tuple[int, str, str] = (0, "", "")
    changes = _ByAct(link.stream(CHANGES), part)
    for *facts, alg, prev, said in link.stream(ACTS):
        seq, at, count = facts[0], facts[1], facts[-1]
        its = changes.of(seq)
        part.looked_at += 1
        if seq != before[0] + 1:
            part.wrong("Act {seq} does not follow act {before}", seq=seq, before=before[0])
        if prev != before[2]:
            part.wrong("Act {seq} is not linked to the act before it", seq=seq)
        if at < before[1]:
            part.wrong("Act {seq} is dated before the act before it", seq=seq)
        if [c[1] for c in its] != list(range(count)):
            part.wrong("Act {seq} has {found} changes and says {count}", seq=seq, found=len(its), count=count)
        if alg != ALG or link_hash(prev, facts, (change_hash(c[2:]) for c in its)) != said:
            part.wrong("Act {seq} or one of its changes is not what was written", seq=seq)
        before = (seq, at, said)
    changes.rest()
    _check_head(link, before, part)
    return part


def _check_head(link: Link, last: tuple[int, str, str], part: Part) -> None:
    head = link.row(HEAD)
    if head is None or (head[0], head[2]) != (last[0], last[2]) or (last[0] and head[1] != last[1]):
        part.wrong("The head does not name the last act, {seq}", seq=last[0])


class _ByAct:
    """Changes in the order of acts, handed out an act at a time; those that belong to no act are problems."""

    def __init__(self, rows: Iterator[Change], part: Part) -> None:
        self._rows, self._part = rows, part
        self._next: Change | None = next(rows, None)

    def of(self, seq: int) -> list[Change]:
        found = []
        while self._next is not None and self._next[0] <= seq:
            if self._next[0] == seq:
                found.append(self._next)
            else:
                self._stray(self._next)
            self._next = next(self._rows, None)
        return found

    def rest(self) -> None:
        while self._next is not None:
            self._stray(self._next)
            self._next = next(self._rows, None)

    def _stray(self, change: Change) -> None:
        self._part.wrong("A change belongs to act {seq}, which does not exist", seq=change[0])
