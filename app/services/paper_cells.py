"""What a column shows of a project on paper: full values, and words in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from app.desk import Desk
from app.models import Zone
from app.rules.codes import Kind, Relation
from app.services.columns import Column
from app.words import say, word

SIGNS = {"green": "●", "yellow": "▲", "red": "■", "none": "○"}
"""A light on paper: shape and word, so that a black and white copy says the same."""
Row = tuple[Any, ...]
Made = Callable[[Row, dict[str, int]], Any]


class Cells:
    """Makes the values of columns for one reader."""

    def __init__(self, desk: Desk) -> None:
        self.language = desk.language
        rows = desk.at(None).select(
            Zone, "names_of_all", lambda q, t: q.order_by(t.c.id), columns=("id", "code", "short_name", "name")
        )
        self.zone_names = {id_: short or name for id_, _, short, name in rows}

    def say(self, msgid: str, **values: Any) -> str:
        return say(msgid, self.language, **values)

    def maker(self, column: Column | None) -> Made:
        """The value of a row under this column; ``at``: where each field stands in the row. None stays empty."""
        if column is None:
            return lambda row, at: None
        if column.key == "serial":
            # the next number, but for what counts with another row: a part with its parent, a heading with its phases
            return lambda row, at: "" if row[at["relation"]] == Relation.PART or row[at["has_phases"]] else None
        if column.key == "name":
            return lambda row, at: f"{row[at['marks']] or ''}{row[at['name']]}"
        first = column.needs[0]
        special: dict[str, Made] = {
            "zone": lambda row, at: self.zone_names.get(row[at["zone_id"]], ""),
            "percent": lambda row, at: share(row[at[column.extra["part"]]], row[at[column.extra["whole"]]]),
            "light": lambda row, at: self._light(row[at["light"]]),
            "class": lambda row, at: self._class(row[at["kind"]], row[at["relation"]]),
            "source": lambda row, at: self.say("Signed" if row[at["signed_on"]] else "Planned"),
            "state": lambda row, at: self._state(row[at[first]], row[at[column.extra["promised"]]]),
            "listing": lambda row, at: row[at[first]],
            "period": lambda row, at: _period(*(row[at[n]] for n in column.needs)),
            "lists": lambda row, at: "、".join(x["code"] for x in orjson.loads(row[at[first]])),
        }
        if column.kind in special:
            return special[column.kind]
        if column.kind == "choice":
            return self._chosen(column, first)
        return lambda row, at: row[at[first]]

    def _chosen(self, column: Column, first: str) -> Made:
        if column.extra.get("of") == "flag":
            return lambda row, at: None if row[at[first]] is None else self.say("Yes" if row[at[first]] else "No")
        return lambda row, at: word(row[at[first]], column.extra["codes"], self.language) if row[at[first]] else None

    def _light(self, light: str | None) -> str | None:
        return f"{SIGNS.get(light, '')} {word(light, 'Light', self.language)}".strip() if light else None

    def _class(self, kind: str | None, relation: str | None) -> str:
        expanded = kind == Kind.EXPANSION or relation == Relation.EXPANSION
        return self.say("Expansion" if expanded else "To start")

    def _state(self, state: str | None, promised: str | None) -> str | None:
        said = word(state, "ProcedureState", self.language) if state else ""
        return f"{said} {promised or ''}".strip() or None


def _period(started: str | None, planned: str | None, completion: str | None) -> str | None:
    """建设起止年限: 2025.03~2027.06, an open end or an open beginning as such."""
    start = (started or planned or "")[:7].replace("-", ".")
    end = (completion or "").replace("-", ".")
    return f"{start}~{end}" if start or end else None


def share(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else 100 * part / whole
