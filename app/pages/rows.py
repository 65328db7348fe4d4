"""Rows of a ledger as finished HTML, made once per version of a project and joined into pages.

Straight string building: a component per cell would cost twenty times as much. Whatever a person wrote goes through
``escape``. A cell carries ``data-field`` only where it can be edited, and ``data-v`` where what is typed differs from
what is shown; one module listens on the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, NamedTuple

import orjson

from app.pages import figures
from app.rules.family import told_sums
from app.rules.identity import FILED_ELSEWHERE, filed_in
from app.rules.lights import SENTENCES
from app.services import families
from app.services.columns import Column, headings
from app.words import say, word

Row = tuple[Any, ...]
Painter = Callable[[Row], str]
LIGHT_CLASS = {"green": "g", "yellow": "y", "red": "r", "none": "x"}
STATE_CLASS = {None: "", "not_started": "p0", "in_progress": "p1", "done": "p2"}
IDENTITY = (
    "id", "since", "updated_at", "zone_id", "name", "marks", "pending", "disposition", "parent_id", "relation", "phase_no",
    "has_phases", "part_count", "family_sums", "deleted_at",
)  # fmt: skip
"""What every row needs beside its columns."""
MOST_KEPT = 20_000
"""Rows, of about 2 KB each."""
MOST_LOOKS = 1000


class Look(NamedTuple):
    """Everything that decides how a row is written, apart from the row: part of the key under which it is kept."""

    columns: tuple[Column, ...]
    unit: str
    language: str
    clear: bool
    """Telephone numbers are whole."""
    writes: frozenset[str]
    """Groups of fields that may be edited."""


class Written(NamedTuple):
    """A finished row in pieces; between them stands what depends on its place in the page."""

    own: str
    """Its class, if it has one by itself."""
    start: str
    """Up to the number."""
    middle: str
    """From behind the number into the cell of the name."""
    rest: str


class Place(NamedTuple):
    """Where a row stands among its relatives in a page."""

    under: bool = False
    """Under its parent."""
    tucked: bool = False
    """Out of sight until its parent is unfolded."""
    children: int = 0
    """How many stand under it."""
    parent: str | None = None
    """Its parent's name, when it stands by itself."""


ALONE = Place()
_looks: dict[Look, int] = {}
_kept: dict[tuple[Any, ...], Written] = {}


def needs(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """The fields that rows with these columns are made of."""
    found = dict.fromkeys(IDENTITY)
    for column in columns:
        found.update(dict.fromkeys(column.needs))
    return tuple(found)


class Rows:
    """Writes rows of one look. ``names`` are the fields of the tuples it will be given, ``zones`` their zones' names."""

    def __init__(self, look: Look, names: tuple[str, ...], zones: Mapping[int, tuple[str, str]] | None = None) -> None:
        self.look = look
        self.zones = zones or {}
        self.first = beginnings(look.columns)
        self.at = {name: n for n, name in enumerate(names)}
        self.names = names
        # Hashing a look costs as much as writing a cell: in the keys of rows a number stands for it.
        if len(_looks) > MOST_LOOKS:
            _looks.clear()
            _kept.clear()
        self._look = _looks.setdefault(look, len(_looks))
        self._painters: dict[bool, list[Painter]] = {}

    def row(self, values: Row, number: int | str, edits: bool, place: Place = ALONE) -> str:
        """A row with its number and its place in the page. ``edits``: the reader may edit rows of this row's zone."""
        at = self.at
        zone = self.zones.get(values[at["zone_id"]])
        # with its moment, because a restored register has the same numbers for other rows
        key = (values[at["id"]], values[at["since"]], values[at["updated_at"]], self._look, edits, zone)
        found = _kept.get(key)
        if found is None:
            while len(_kept) >= MOST_KEPT:
                _kept.pop(next(iter(_kept)), None)  # the oldest
            found = _kept[key] = self._write(values, edits)
        if place is ALONE:
            own = f' class="{found.own}"' if found.own else ""
            return f"<tr{own}{found.start}{number}{found.middle}{found.rest}"
        classes = " ".join(c for c in (found.own, "kid" * place.under, "tucked" * place.tucked) if c)
        own = f' class="{classes}"' if classes else ""
        return f"<tr{own}{found.start}{number}{found.middle}{self._branch(values, place)}{found.rest}"

    def _branch(self, values: Row, place: Place) -> str:
        """Before the name: the control that folds what stands under it, or whose child it is."""
        if place.parent is not None:
            title = escape(self.say("Belongs to {name}", name=place.parent))
            return f'<span class=of title="{title}">{escape(place.parent)} ›</span>'
        if not place.children:
            return ""
        heading = bool(values[self.at["has_phases"]])
        said = escape(self.say("Phases and parts of {name}", name=values[self.at["name"]]))
        return (
            f'<button type=button class="fold tree" aria-expanded={"true" if heading else "false"} data-tree '
            f'title="{said}">{place.children}<span class=vh> {said}</span></button>'
        )

    def family(self, values: Row, kids: list[Row], number: int, edits: bool) -> tuple[str, int]:
        """A row with its children under it, and the number of the next row. Phases are in sight, since they count and
        have numbers; parts are folded away."""
        heading = bool(values[self.at["has_phases"]])
        found = []
        for kid in (values, *kids):
            place = Place(children=len(kids)) if kid is values else Place(under=True, tucked=not heading)
            counts = self.counts(kid)
            found.append(self.row(kid, number if counts else "", edits, place))
            number += counts
        return "".join(found), number

    def _write(self, values: Row, edits: bool) -> Written:
        painters = self._painters.get(edits)
        if sums := told_sums(values[self.at["family_sums"]]):
            painters = [self._painter(c, edits, self._sum(c, values, sums)) for c in self.look.columns]
        elif painters is None:
            painters = self._painters[edits] = [self._painter(c, edits) for c in self.look.columns]
        id_, at = values[self.at["id"]], self.at
        name = escape(values[at["name"]])
        own = "gone" if values[at["deleted_at"]] is not None else "" if self.counts(values) else "sub"
        start = f' data-id="{id_}" data-version="{values[at["since"]]}"><td class=c1><span class=no>'
        box = self._box(values) if edits else ""
        plain = f' data-v="{name}"' if values[at["marks"]] else ""
        field = f' data-field="name"{plain}' if edits and "facts" in self.look.writes else ""
        light = painters[0](values) if self.look.columns and self.look.columns[0].key == "light" else ""
        rest = painters[1:] if light else painters
        link = f'<a href="/projects/{id_}"{self.panel}>{escape(values[at["marks"]] or "")}{name}</a>'
        tags = self._tags(values)
        name = f"<div class=nm>{link}{tags}</div>" if tags else link
        middle = f'</span>{box}</td>{light}<th scope=row class="c2"{field}>'
        return Written(own, start, middle, f"{name}</th>{''.join(p(values) for p in rest)}</tr>")

    panel = " data-panel"
    """A click on the name opens the project beside the table."""

    def _box(self, values: Row) -> str:
        """The box by which a row is chosen."""
        said = escape(self.say("Choose {name}", name=values[self.at["name"]]))
        return f'<input type=checkbox tabindex=-1 aria-label="{said}">'

    def counts(self, values: Row) -> bool:
        """Has it a number of its own? Parts count with their parent, a heading with its phases."""
        return values[self.at["relation"]] != "part" and not values[self.at["has_phases"]]

    def say(self, msgid: str, **values: Any) -> str:
        return say(msgid, self.look.language, **values)

    def _tags(self, values: Row) -> str:
        at, found = self.at, ""
        if values[at["pending"]]:
            found += f'<span class="tag warn" title="{escape(self.say("Moved here without evidence; not counted officially until it is given"))}">{self.say("Pending")}</span>'
        if values[at["disposition"]] != "active":
            found += f'<span class="tag">{word(values[at["disposition"]], "Disposition", self.look.language)}</span>'
        if values[at["relation"]] in ("phase", "part"):
            found += f'<span class="tag">{word(values[at["relation"]], "Relation", self.look.language)}</span>'
        if values[at["has_phases"]]:
            found += f'<span class="tag" title="{escape(self.say("Its phases are counted, not the heading"))}">{self.say("Heading of phases")}</span>'
        return found

    # ── one painter a column: values of the row → a finished cell ────────────────────────────────────────────────
    def _sum(self, column: Column, values: Row, sums: dict[str, Any]) -> str:
        """The attributes of a cell that shows a sum of phases or parts and is closed for that; none for any other."""
        heading = bool(values[self.at["has_phases"]])
        said = figures.sum_of(sums, column.key, heading, self.look.language)
        why = self.say(families.why_closed(heading))
        return f' title="{escape(said)}" data-closed="{escape(why)}"' if said else ""

    def _painter(self, column: Column, edits: bool, sum_: str = "") -> Painter:
        classes = ["n"] if column.numeric else []
        may = edits and not sum_ and column.edits is not None and column.group in self.look.writes
        if may:
            classes.append("e")
        if column.phone:
            classes.append(f"k-{column.phone}")
        if column.key in self.first:
            classes.append("gl")
        attrs = (f' class="{" ".join(classes)}"' if classes else "") + (
            f' data-field="{column.edits}"' if may else sum_
        )
        kind = column.key if column.key == "national_code" else column.kind
        made: Painter = getattr(self, f"_{kind}", self._text)(column, attrs)
        return made

    def _yuan(self, column: Column, attrs: str) -> Painter:
        at, unit = self.at[column.needs[0]], self.look.unit
        nil = f"<span class=nil>{self.say('Blank')}</span>"

        def paint(values: Row) -> str:
            value = values[at]
            if value is None:
                return f'<td{attrs} data-v="">{nil}</td>'
            shown, exact = figures.amount(value, unit), figures.exact(value, unit)
            typed = f' data-v="{exact}"' if exact != shown else ""
            return f"<td{attrs}{typed}>{shown}</td>"

        return paint

    def _percent(self, column: Column, attrs: str) -> Painter:
        part, whole = self.at[column.extra["part"]], self.at[column.extra["whole"]]
        reason = self.at["light_reason"] if column.key == "percent_of_plan" else None

        def paint(values: Row) -> str:
            shown = figures.percent(values[part], values[whole])
            if not shown:
                return f"<td{attrs}></td>"
            due = orjson.loads(values[reason]).get("due") if reason is not None and values[reason] else None
            return f"<td{attrs}>{bar(shown, due)}</td>"

        return paint

    def _text(self, column: Column, attrs: str) -> Painter:
        at = self.at[column.needs[0]]

        def paint(values: Row) -> str:
            value = values[at]
            if value is None:
                return f"<td{attrs}></td>"
            text = escape(str(value))
            return f'<td{attrs} title="{text}">{text}</td>' if len(text) > 6 else f"<td{attrs}>{text}</td>"

        return paint

    def _national_code(self, column: Column, attrs: str) -> Painter:
        """A code that was given in another region than the zone's says so: it may be another project's."""
        at, zone_id, plain = self.at[column.needs[0]], self.at["zone_id"], self._text(column, attrs)

        def paint(values: Row) -> str:
            zone = self.zones.get(values[zone_id], ("", ""))[0]
            filed = filed_in(values[at], zone)
            if filed is None:
                return plain(values)
            why, code = escape(self.say(FILED_ELSEWHERE, filed=filed, zone=zone[:6])), escape(values[at])
            mark = f'<span class="tag warn">{escape(self.say("Region {region}", region=filed))}</span>'
            return f'<td{attrs} data-v="{code}" title="{why}">{code} {mark}<span class=vh>{why}</span></td>'

        return paint

    def _plain(self, column: Column, attrs: str) -> Painter:
        at = self.at[column.needs[0]]
        return lambda values: (
            f"<td{attrs}>{escape(str(values[at]))}</td>" if values[at] is not None else f"<td{attrs}></td>"
        )

    _month = _day = _plain

    def _number(self, column: Column, attrs: str) -> Painter:
        at = self.at[column.needs[0]]
        return lambda values: f"<td{attrs}>{figures.number(values[at])}</td>"

    def _choice(self, column: Column, attrs: str) -> Painter:
        at, codes, language = self.at[column.needs[0]], column.extra.get("codes"), self.look.language

        def paint(values: Row) -> str:
            value = values[at]
            if value is None:
                return f'<td{attrs} data-v=""></td>'
            shown = word(value, codes, language) if codes else self.say("Yes" if value else "No")
            return f'<td{attrs} data-v="{escape(str(value))}">{escape(shown)}</td>'

        return paint

    def _light(self, column: Column, attrs: str) -> Painter:
        at, reason, language = self.at["light"], self.at["light_reason"], self.look.language
        attrs = attrs.replace('class="', 'class="c0 why ')

        def paint(values: Row) -> str:
            colour = values[at] or "none"
            sentence = escape(light_sentence(values[reason], language))
            shown = word(colour, "Light", language)
            return (
                f'<td{attrs} title="{sentence}"><span class="lt {LIGHT_CLASS[colour]}">{shown}</span>'
                f'<span class="rs">{sentence}</span></td>'
            )

        return paint

    def _state(self, column: Column, attrs: str) -> Painter:
        state, promised = self.at[column.needs[0]], self.at[column.needs[1]]

        def paint(values: Row) -> str:
            value, day = values[state], values[promised]
            if value is None:
                return f'<td{attrs} data-v=""></td>'
            shown = word(value, "ProcedureState", self.look.language)
            by = f" <span class=q>{day[5:]}</span>" if day and value != "done" else ""
            tip = f' title="{escape(self.say("Promised for {day}", day=day))}"' if by else ""
            return f'<td{attrs} data-v="{value}"{tip}><span class="ps {STATE_CLASS[value]}">{escape(shown)}</span>{by}</td>'

        return paint

    def _class(self, column: Column, attrs: str) -> Painter:
        kind, relation = self.at["kind"], self.at["relation"]

        def paint(values: Row) -> str:
            expands = values[kind] == "expansion" or values[relation] == "expansion"
            shown = self.say("Expansion" if expands else "To start")
            return f'<td{attrs} data-v="{values[kind] or ""}">{escape(shown)}</td>'

        return paint

    def _source(self, column: Column, attrs: str) -> Painter:
        at = self.at["signed_on"]
        signed, planned = escape(self.say("Signed")), escape(self.say("Planned"))
        return lambda values: f"<td{attrs}>{signed if values[at] else planned}</td>"

    def _zone(self, column: Column, attrs: str) -> Painter:
        at = self.at["zone_id"]
        return lambda values: f"<td{attrs}>{escape(self.zones.get(values[at], ('', ''))[1])}</td>"


def beginnings(columns: tuple[Column, ...]) -> set[str]:
    """Keys of the columns that begin a group under one heading, or end one by standing alone: a line stands before them."""
    found, before = set(), ""
    for heading, group in headings(columns):
        if heading or before:
            found.add(group[0].key)
        before = heading
    return found


def bar(shown: str, due: float | None = None) -> str:
    """A percentage with its bar; a tick where the calendar stands. Drawn as SVG, since a style attribute is forbidden."""
    long = round(min(100.0, float(shown.replace(",", ""))) * 0.44, 1)
    tick = f'<path class=b2 d="M{round(due * 0.44, 1)} 0V10"/>' if due is not None else ""
    return (
        f'<span class=pc><b>{shown}</b><svg class=bar viewBox="0 0 44 10" aria-hidden="true"><path class=b0 d="M0 5H44"/>'
        f'<path class=b1 d="M0 5H{long}"/>{tick}</svg></span>'
    )


def light_sentence(stored: str | None, language: str) -> str:
    """Why a light is as it is, from the stored code and numbers."""
    if not stored:
        return ""
    reason = orjson.loads(stored)
    return say(SENTENCES.get(reason.pop("code", ""), ""), language, **reason)
