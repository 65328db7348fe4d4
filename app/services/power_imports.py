"""A published list comes in: every line becomes an item of the catalogue, and for the zones that are named, or have a column
of their own, a delegation at once. First a preview, line by line; then one act. Sent twice it writes once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import ValidationError

from app.desk import Desk
from app.errors import Conflict, Invalid, Problem
from app.models import Delegation, Power
from app.models.power_shapes import DelegationEdit, ListDraft, PowerEdit, PowerNew
from app.models.shapes import check
from app.rules.access import Act
from app.rules.codes import DelegationState as State
from app.rules.delegations import Fault
from app.rules.names import name_key
from app.rules.power_words import NO, days_of, form_of, kind_of, level_of, steps_of, yes
from app.services import chains, delegations, powers, reasons, zone_search
from app.sheets.power_lists import power_lists
from app.sheets.reading import read_workbook
from app.words import Word, sentence_of

Record = dict[str, Any]
Periods = dict[tuple[int, int], list[Delegation]]
NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
PLAIN = ("department", "basis", "remarks")
PREFIX = "SX-"
"""Codes that the register gives where a list has none."""
MOST = 20_000


@dataclass(frozen=True)
class Options:
    """What is said of a list: which zones it is for, and the facts of the batch."""

    zones: tuple[str, ...] = ()
    by_sheet: bool = False
    """Each sheet is for the zone that its name or title names."""
    facts: Record = field(default_factory=dict)


@dataclass
class Line:
    """A line of the list: what becomes of the item, of the delegations, and why not."""

    sheet: str
    row: int
    name: str
    becomes: str = SAME
    code: str = ""
    changes: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """``pointer`` is the cell."""
    notes: list[Problem] = field(default_factory=list)
    given: list[tuple[str, str, list[Problem]]] = field(default_factory=list)
    """Zone, what becomes of it there, why not."""

    @property
    def refused(self) -> bool:
        return bool(self.problems) or any(problems for _, _, problems in self.given)


@dataclass
class Plan:
    """Every line, and the rows that follow from them."""

    lines: list[Line] = field(default_factory=list)
    new: list[Power] = field(default_factory=list)
    changed: list[Power] = field(default_factory=list)
    given: list[tuple[Power, Delegation]] = field(default_factory=list)

    def counts(self) -> Record:
        items = {word: sum(line.becomes == word for line in self.lines) for word in (NEW, CHANGED, SAME, REFUSED)}
        cells = [becomes for line in self.lines for _, becomes, _ in line.given]
        return {**items, **{f"delegations_{word}": cells.count(word) for word in (NEW, SAME, REFUSED)}}


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def spellings(desk: Desk) -> dict[str, str]:
    """Every spelling of every zone → its code; for who may import a list."""
    desk.ask(Act.POWER_AMEND)
    return {name_key(s): code for code, _, names in zone_search.everywhere(desk) for s in (*names, _short(names))}


def _short(names: tuple[str, ...]) -> str:
    return names[1] if len(names) > 1 else names[0]


def read_file(content: bytes, name: str, zones: Mapping[str, str]) -> Record:
    """The lists of a file as plain data, read in the throw-away child. Raises Invalid for what is no list."""
    sheets = power_lists(read_workbook(content, name), zones)
    if not sheets:
        raise Invalid.one("/file", "no_list", NO_LIST)
    if sum(len(sheet.rows) for sheet in sheets) > MOST:
        raise Invalid.one("/file", "too_long", "At most {most} entries", most=MOST)
    return {
        "file": name,
        "sheets": [
            {
                "sheet": s.sheet, "title": s.title, "columns": s.columns, "zones": s.zones, "unknown": list(s.unknown),
                "rows": [(r.row, r.cells, r.places, r.marks) for r in s.rows], "of": named_in(f"{s.sheet} {s.title}", zones),
            }
            for s in sheets
        ],
    }  # fmt: skip


NO_LIST = Word("No sheet has a row of captions with an item's name and, say, its kind or department")


def named_in(text: str, zones: Mapping[str, str]) -> str | None:
    """The zone that a text names, the longest spelling first; None where it names none."""
    folded = name_key(text)
    found = [spelling for spelling in zones if len(spelling) > 1 and spelling in folded]
    return zones[max(found, key=len)] if found else None


# ── what would be ────────────────────────────────────────────────────────────────────────────────────────────────────
class Planner:
    """Goes through the lines with the catalogue and the delegations as they stand, and as the lines before would leave them."""

    def __init__(self, desk: Desk, draft: Record, options: Options) -> None:
        desk.ask(Act.POWER_AMEND)
        self.desk, self.draft, self.options, self.plan = desk, draft, options, Plan()
        self.by_code = powers.rows(desk)
        self.by_name: dict[str, list[Power]] = {}
        for power in self.by_code.values():
            self.by_name.setdefault(name_key(power.name), []).append(power)
        self.zones = {code: (id_, name) for id_, (code, name) in zone_search.numbered(desk).items()}
        self.held: Periods = {}
        self.here: dict[tuple[int, str], str] = {}
        """(zone, code of an item) → the form in which a line before gave it."""
        self.touched: set[str] = set()
        self.steps = chains.spelled(desk)
        self.last = max((int(c[len(PREFIX) :]) for c in self.by_code if c.startswith(PREFIX) and c[len(PREFIX) :].isdecimal()), default=0)  # fmt: skip

    def go(self) -> Plan:
        wanted = {z for sheet in self.draft["sheets"] for z in self._zones_of(sheet)}
        wanted |= {z for sheet in self.draft["sheets"] for row in sheet["rows"] for z in row[3]}
        if unknown := sorted(wanted - self.zones.keys()):
            raise Invalid.one("/zones", "not_found", "There is no zone {zone} that you may see", zone=unknown[0])
        if wanted:
            self.desk.ask(Act.DELEGATION_GIVE)
            self.held = delegations.periods(self.desk, {self.zones[z][0] for z in wanted})
        for sheet in self.draft["sheets"]:
            zones = self._zones_of(sheet)
            for row, cells, places, marks in sheet["rows"]:
                self._line(Line(sheet["sheet"], row, cells["name"][:300]), cells, places, marks, zones)
        return self.plan

    def _zones_of(self, sheet: Record) -> tuple[str, ...]:
        own = (sheet["of"],) if self.options.by_sheet and sheet["of"] else ()
        return tuple(dict.fromkeys((*self.options.zones, *own)))

    def _line(
        self, line: Line, cells: dict[str, str], places: dict[str, str], marks: dict[str, str], zones: tuple[str, ...]
    ) -> None:
        self.plan.lines.append(line)
        power = self._item(line, cells, places)
        if power is None:
            line.becomes = REFUSED
            return
        line.code = power.code
        chosen = dict.fromkeys(zones, "") | {z: text for z, text in marks.items() if not NO.match(text)}
        for zone, mark in chosen.items():
            self._give(line, power, zone, mark, cells, places)

    # ── the item ─────────────────────────────────────────────────────────────────────────────────────────────────
    def _item(self, line: Line, cells: dict[str, str], places: dict[str, str]) -> Power | None:
        """The item of a line, new or known; None where the line cannot be taken."""
        values = self._values(line, cells, places)
        known = self._known(line, cells, places)
        if known is None and not line.problems:
            return self._new(line, values, cells, places)
        if known is None or line.problems:
            return None
        edit = self._checked(line, PowerEdit, values, places, partial=True)
        return None if edit is None else self._change(line, known, edit, places)

    def _values(self, line: Line, cells: dict[str, str], places: dict[str, str]) -> Record:
        """The fields that the cells fill; a word that is not known is told and left out."""
        values: Record = {"name": cells["name"], **{n: cells[n] for n in PLAIN if n in cells}}
        for name, understand in (
            ("kind", kind_of),
            ("level", level_of),
            ("statutory_days", days_of),
            ("promised_days", days_of),
        ):
            if name in cells and cells[name] not in ("-", "—", "/"):
                found = understand(cells[name])
                if found is None:
                    line.notes.append(
                        Problem(places[name], "not_understood", NOT_UNDERSTOOD, {"text": cells[name][:60]})
                    )
                else:
                    values[name] = str(found) if isinstance(found, str) else found
        if "reserved" in cells:
            values["reserved"] = yes(cells["reserved"])
        if "steps" in cells:
            steps, strange = steps_of(cells["steps"], self.steps)
            values |= {"steps": steps} if steps else {}
            line.notes += [
                Problem(places["steps"], "not_understood", NOT_UNDERSTOOD, {"text": w[:60]}) for w in strange
            ]
        return values

    def _known(self, line: Line, cells: dict[str, str], places: dict[str, str]) -> Power | None:
        """By its code, else by its name and, where several are called so, its department."""
        if code := cells.get("code"):
            return self.by_code.get(code)
        found = self.by_name.get(name_key(cells["name"]), [])
        if "department" in cells and any(p.department for p in found):
            found = [p for p in found if name_key(p.department or "") == name_key(cells["department"])]
        if len(found) > 1:
            line.problems.append(Problem(places["name"], "several", SEVERAL, {"name": line.name}))
            return None
        return found[0] if found else None

    def _new(self, line: Line, values: Record, cells: dict[str, str], places: dict[str, str]) -> Power | None:
        if not cells.get("code"):
            self.last += 1
        code = cells.get("code") or f"{PREFIX}{self.last:04d}"
        if code.lower() in powers.PAGES:
            line.problems.append(
                Problem(places["code"], "code_taken", Word("The code {power} is taken"), {"power": code})
            )
            return None
        facts = self._checked(line, PowerNew, {**values, "code": code}, places)
        if facts is None:
            return None
        power = Power(**powers.columns(facts), source=self._source(line))
        self.by_code[power.code] = power
        self.by_name.setdefault(name_key(power.name), []).append(power)
        self.plan.new.append(power)
        line.becomes = NEW
        return power

    def _checked(
        self, line: Line, shape: Any, values: Record, places: dict[str, str], *, partial: bool = False
    ) -> Record | None:
        try:
            return check(shape, values, partial=partial)
        except Invalid as refused:
            for p in refused.problems:
                name = p.pointer.split("/")[1]
                line.problems.append(Problem(places.get(name, places["name"]), p.code, p.msgid, p.values))
            return None

    def _change(self, line: Line, power: Power, edit: Record, places: dict[str, str]) -> Power | None:
        """Write what the line says otherwise; what it leaves blank stays."""
        facts = {n: v for n, v in powers.columns(edit).items() if v is not None}
        for name, value in facts.items():
            before = getattr(power, name)
            if before != value:
                said = orjson.loads if name == "steps" else lambda kept: kept
                line.changes.append({"field": name, "before": said(before), "after": said(value)})
                setattr(power, name, value)
        if not line.changes:
            return power
        if any(change["field"] == "reserved" for change in line.changes) and power.id is not None:
            try:
                powers.refuse_held(self.desk, power)
            except Conflict as refused:
                power.reserved, held = False, refused.problems[0]
                line.problems.append(Problem(places["reserved"], held.code, held.msgid, held.values))
                return None
        line.becomes = CHANGED
        if power.id is not None and power.code not in self.touched:
            power.source = self._source(line)
            self.touched.add(power.code)
            self.plan.changed.append(power)
        return power

    def _source(self, line: Line) -> str:
        return f"{self.draft['file']} · {line.sheet} · {line.row}"[:300]

    # ── the delegations ──────────────────────────────────────────────────────────────────────────────────────────
    def _give(
        self, line: Line, power: Power, zone: str, mark: str, cells: dict[str, str], places: dict[str, str]
    ) -> None:
        id_, _ = self.zones[zone]
        form = form_of(mark) or form_of(cells.get("form", "")) or self.options.facts.get("form")
        if form is None:
            place = places.get("form", places["name"])
            line.given.append(
                (zone, REFUSED, [Problem(place, "form_unknown", NO_FORM, {"text": cells.get("form", "")[:60]})])
            )
            return
        form = str(form)
        known = self.held.get((id_, power.id or -1), [])
        if self.here.get((id_, power.code)) == form or (
            known and known[-1].state != State.REVOKED and known[-1].form == form
        ):
            line.given.append((zone, SAME, []))
            return
        facts = {**self.options.facts, "form": form}
        if "receiving_department" in cells:
            facts.setdefault("receiving_department", cells["receiving_department"])
        row, faults = delegations.begin(facts, id_, power, known, self.desk.today)
        if (id_, power.code) in self.here:
            faults.append(Fault("form", "twice", TWICE, {"form": self.here[id_, power.code]}))
        problems = [delegations.problem(fault) for fault in faults]
        line.given.append(
            (zone, REFUSED if faults else NEW, [Problem(places["name"], p.code, p.msgid, p.values) for p in problems])
        )
        if not faults:
            row.source = self._source(line)
            self.here[id_, power.code] = form
            self.plan.given.append((power, row))


NOT_UNDERSTOOD = Word("“{text}” is not understood and was left out; fill it in later")
SEVERAL = Word("Several items are called “{name}”: give the code in a column of its own")
NO_FORM = Word(
    "The form “{text}” is not known: write transfer, entrustment, authorisation or the like, or choose one for the list"
)
TWICE = Word("A line before gives it as {form}")


def plan(desk: Desk, draft: Record, said: Record) -> Plan:
    """What the list would do. Nothing is written."""
    return Planner(desk, draft, options_of(said)).go()


def options_of(said: Record) -> Options:
    """Zones, and the facts of the batch, as they were said."""
    rest = dict(said)
    zones, by_sheet = rest.pop("zones", None) or [], bool(rest.pop("by_sheet", False))
    facts = check(DelegationEdit, {n: v for n, v in rest.items() if v not in (None, "")}, partial=True)
    return Options(tuple(zones), by_sheet, facts)


def commit(desk: Desk, draft: Record, said: Record) -> Record:
    """Write the list in one act; lines that are refused are left out and told."""
    given = reasons.take(desk, said)
    found = plan(desk, draft, given)
    desk.reason = desk.reason or draft["file"][: reasons.LONGEST]
    desk.keep(found.new)
    desk.keep(found.changed)
    for power, row in found.given:
        row.power_id = power.id or 0
    desk.keep([row for _, row in found.given])
    return told(found, desk.language)


def told(found: Plan, language: str) -> Record:
    """The outcome, or the preview, as the API gives it."""
    return {"counts": found.counts(), "lines": list(_told_lines(found, language))}


def _told_lines(found: Plan, language: str) -> Iterator[Record]:
    for line in found.lines:
        yield {
            "sheet": line.sheet,
            "row": line.row,
            "power": line.code or None,
            "name": line.name,
            "becomes": line.becomes,
            "changes": line.changes,
            "problems": _said(line.problems, language),
            "notes": _said(line.notes, language),
            "zones": [{"zone": z, "becomes": b, "problems": _said(ps, language)} for z, b, ps in line.given],
        }


def _said(problems: list[Problem], language: str) -> list[Record]:
    """Cell, rule, and what to do."""
    return [{"cell": p.pointer, "code": p.code, "detail": sentence_of(p, language)} for p in problems]


def packed(draft: Record) -> str:
    """A draft as text, to go through a form and come back."""
    return orjson.dumps(draft).decode()


def unpacked(text: str) -> Record:
    """Raises Invalid for what never was a draft."""
    try:
        draft = ListDraft.model_validate_json(text, strict=True).model_dump()
    except ValidationError as error:
        raise Invalid(NO_DRAFT, code="malformed") from error
    rows = [row for sheet in draft["sheets"] for row in sheet["rows"]]
    if len(rows) > MOST or not all("name" in cells and cells.keys() <= places.keys() for _, cells, places, _ in rows):
        raise Invalid(NO_DRAFT, code="malformed")
    return draft


NO_DRAFT = Word("This is no list; send the file again")
