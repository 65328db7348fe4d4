"""Which project of the register does a row mean? Codes decide, names propose, and what is not certain is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from app.rules.identity import firm_key, national_code
from app.services.draft import AT, Candidate, Draft, Known

ALIKE = 0.75
"""Share of common letter pairs from which on two names are worth a question."""
COMMON = 200
"""A pair of letters that so many projects have says nothing."""
MOST_CANDIDATES = 3
_PHASE = re.compile(r"[一二三四五六七八九十\d]+(?:期|号|标段|区|线)")


@dataclass
class Index:
    """The projects of the zones that a workbook speaks of, found by code, national code and name.

    Rows are tuples in the order of ``COLUMNS``; deleted ones are known by their code only.
    """

    rows: list[tuple[Any, ...]]
    reports: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What the reports of projects hold, for the months that the workbook speaks of."""
    by_code: dict[str, int] = field(default_factory=dict)
    by_national: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    by_name: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    _pairs: dict[tuple[int, str], list[int]] | None = None

    def __post_init__(self) -> None:
        for n, row in enumerate(self.rows):
            self.by_code[row[AT["code"]].upper()] = n
            if row[AT["deleted_at"]] is not None:
                continue
            zone = row[AT["zone_id"]]
            self.by_name.setdefault((zone, firm_key(row[AT["name"]])), []).append(n)
            if row[AT["national_code"]]:
                self.by_national.setdefault((zone, row[AT["national_code"]]), []).append(n)

    def known(self, n: int) -> Known:
        return Known(self.rows[n])

    def get(self, n: int, name: str) -> Any:
        return self.rows[n][AT[name]]

    def alike(self, zone_id: int, key: str) -> list[tuple[int, float]]:
        """Projects of the zone with nearly this name, best first. Phases of one another are not alike."""
        pairs = self._all_pairs()
        if not pairs:
            return []
        wanted = _pieces(key)
        known = [found for piece in wanted if (found := pairs.get((zone_id, piece))) and len(found) <= COMMON]
        hits = Counter(n for found in known for n in found)
        scored = []
        for n, common in hits.most_common(20):
            other = firm_key(self.get(n, "name"))
            score = 2 * common / (len(wanted) + len(_pieces(other)))
            inside = len(key) > 4 and len(other) > 4 and (key in other or other in key)
            if (score >= ALIKE or inside) and _PHASE.findall(key) == _PHASE.findall(other):
                scored.append((n, round(max(score, ALIKE if inside else 0), 2)))
        return sorted(scored, key=lambda one: -one[1])[:MOST_CANDIDATES]

    def _all_pairs(self) -> dict[tuple[int, str], list[int]]:
        if self._pairs is None:
            self._pairs = {}
            for (zone, key), found in self.by_name.items():
                for piece in _pieces(key):
                    self._pairs.setdefault((zone, piece), []).extend(found)
        return self._pairs

    def candidates(self, found: Iterable[tuple[int, float]]) -> list[Candidate]:
        return [
            Candidate(self.get(n, "id"), self.get(n, "code"), self.get(n, "name"), self.get(n, "investor_name"), score)
            for n, score in found
        ]


def left_behind(index: Index, drafts: list[Draft]) -> dict[int, int]:
    """Projects that moved on since our own workbook was written: id → the version that it knows."""
    found = {}
    for draft in drafts:
        key, told = draft.row.get("key"), draft.row.get("version")
        n = index.by_code.get(str(key.value).strip().upper()) if key is not None else None
        if n is not None and told is not None and str(told.value).isdecimal() and len(str(told.value)) < 19:
            version = int(told.value)
            if version < index.get(n, "since"):
                found[int(index.get(n, "id"))] = version
    return found


def _pieces(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


def match(draft: Draft, index: Index, decided: int | None = None) -> None:
    """Set ``draft.known``, or doubt it. ``decided``: what a person chose, the id of a project; 0 for a new one."""
    if decided is not None:
        _decided(draft, index, decided)
        return
    if (code := _own_code(draft)) is not None:
        _by_code(draft, index, code)
        return
    if draft.zone_id == 0:
        return
    key = draft.name_key
    named = index.by_name.get((draft.zone_id, key), [])
    if named:
        _by_name(draft, index, named)
        return
    coded = _by_national(draft, index)
    told = _investor(draft)
    near = [(n, 0.9) for n in coded] or [
        one for one in index.alike(draft.zone_id, key) if _fits(told, index.get(one[0], "investor_name"))
    ]
    if near:
        draft.candidates = index.candidates(near)
        name, datum = draft.candidates[0].name, draft.row.get("national_code")
        if coded:
            draft.doubt("Another name has this national code: {name}", datum, name=name)
        else:
            draft.doubt("Almost the name of a project in the register: {name}", name=name)


def _decided(draft: Draft, index: Index, id_: int) -> None:
    if not id_:
        return
    for n, row in enumerate(index.rows):
        if row[AT["id"]] == id_ and row[AT["deleted_at"]] is None:
            draft.known = index.known(n)
            return
    draft.doubt("The chosen project is not there any more")


def _own_code(draft: Draft) -> str | None:
    for name in ("key", "code"):
        datum = draft.row.get(name)
        if datum is not None and datum.value:
            draft.own = draft.own or name == "key"
            return str(datum.value).strip().upper()
    return None


def _by_code(draft: Draft, index: Index, code: str) -> None:
    n = index.by_code.get(code)
    if n is None:
        draft.refuse(
            "The register has no project {code} that you may see; clear the code to add the row as new", code=code
        )
    elif index.get(n, "deleted_at") is not None:
        draft.refuse("{code} was deleted; restore it first", code=code)
    elif draft.zone_id and index.get(n, "zone_id") != draft.zone_id:
        draft.refuse("{code} belongs to another zone; a transfer is an act of the city office", code=code)
    else:
        draft.known = index.known(n)
        draft.zone_id = int(index.get(n, "zone_id"))


def _by_name(draft: Draft, index: Index, named: list[int]) -> None:
    """One project of this name fits unless both name an investor and it is another; among several the investor decides."""
    datum, told = draft.row.get("investor_name"), _investor(draft)
    fitting = [n for n in named if _fits(told, index.get(n, "investor_name"))]
    exact = [n for n in fitting if told and firm_key(index.get(n, "investor_name") or "") == told]
    chosen = exact if len(exact) == 1 else fitting
    if len(chosen) == 1:
        draft.known = index.known(chosen[0])
        return
    draft.candidates = index.candidates((n, 1.0) for n in named[:MOST_CANDIDATES])
    draft.doubt(
        "The register has {count} projects of this name; choose one"
        if chosen
        else "The register has this name with another investor: {investor}",
        datum,
        count=len(chosen),
        investor=index.get(named[0], "investor_name") or "",
    )


def _fits(told: str, investor: str | None) -> bool:
    known = firm_key(investor) if investor else ""
    return not told or not known or told in known or known in told


def _by_national(draft: Draft, index: Index) -> list[int]:
    datum = draft.row.get("national_code")
    repaired = national_code(str(datum.value)) if datum is not None and datum.value else None
    return index.by_national.get((draft.zone_id, repaired), []) if repaired else []


def twins(drafts: Iterable[Draft]) -> None:
    """One project told twice in a workbook: the first row stands, an equal second is nothing new, another one is asked."""
    seen: dict[Any, Draft] = {}
    for draft in drafts:
        if draft.state in ("refused", "elsewhere", "doubtful", "left"):
            continue
        key = (
            draft.known["id"]
            if draft.known
            else (draft.zone_id, draft.name_key, _investor(draft), draft.row.level and id(draft.parent))
        )
        first = seen.setdefault(key, draft)
        if first is draft:
            continue
        if all(first.values.get(n) == v for n, v in draft.values.items()) and first.ledger == draft.ledger:
            draft.state, draft.values = "same", {}
            draft.note("The same project stands in row {row} of “{sheet}”", row=first.row.number, sheet=first.row.sheet)
        else:
            draft.doubt(
                "Row {row} of “{sheet}” tells of the same project and is taken",
                row=first.row.number,
                sheet=first.row.sheet,
            )


def _investor(draft: Draft) -> str:
    datum = draft.row.get("investor_name")
    return firm_key(str(datum.value)) if datum is not None and datum.value else ""


def by_codes(dialect: str) -> Any:
    if dialect == "postgresql":
        return lambda q, t: q.where(t.c.code == sa.func.any(sa.bindparam("codes", type_=sa.ARRAY(sa.Text))))
    return lambda q, t: q.where(
        t.c.code.in_(sa.text("(SELECT value FROM json_each(:codes))").bindparams(sa.bindparam("codes")))
    )


def code_values(dialect: str, values: list[str]) -> Any:
    return values if dialect == "postgresql" else orjson.dumps(values).decode()
