"""Forms of masters as data: a blank form is read, mapped the way a foreign sheet is, corrected by hand, named, and used."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.desk import Desk
from app.errors import Conflict, Invalid, NotFound
from app.models import Form, ProjectList
from app.models.shapes import FormEdit, FormNew, check
from app.rules.access import Act
from app.rules.codes import Ledger
from app.services import lists, reasons
from app.services.columns import NAME, SERIAL, ZONE, Column, all_of
from app.sheets.blanks import Layout, layout_of, packed, unpacked
from app.sheets.forms import DIGITS
from app.sheets.reading import read_workbook
from app.sheets.understanding import understand
from app.words import Word

Record = dict[str, Any]
PERIOD = Column(
    "construction_period", Word("Start and planned completion"), "period", 110, needs=("started_on", "planned_start_month", "planned_completion_month"),
)  # fmt: skip
CODE = Column("code", Word("Code"), "text", 90, needs=("code",))
LISTS = Column("lists", Word("Lists"), "lists", 110, needs=("lists",))
NUMBERED = Column("lists", Word("Lists"), "listing", 110, needs=("lists",))
"""All of a project's places in lists, as they are kept: for sorting, never shown."""
MONEY_UNITS = tuple(DIGITS)


@lru_cache(maxsize=1)
def fillable() -> dict[str, Column]:
    """Everything that a column of a form can be filled with, by its key."""
    ours = {c.key: c for c in (SERIAL, NAME, ZONE, CODE, LISTS, PERIOD)}
    return {**ours, **all_of(Ledger.IN_CONSTRUCTION)}


# ── reading a blank form ─────────────────────────────────────────────────────────────────────────────────────────────
def read_blank(data: bytes, file_name: str, sheet: str | None = None) -> Layout:
    """The layout of the first sheet (or of the one that is named) that is a form. Outside any transaction.

    Raises Invalid for a file that cannot be read, or in which no sheet has a column for the project's name.
    """
    for one in read_workbook(data, file_name).sheets:
        if sheet and one.name != sheet:
            continue
        layout = layout_of(one, understand(one))
        if layout is not None:
            return _known(layout)
    raise Invalid.one(
        "/file",
        "no_form",
        "No sheet of this file has a heading with a column for the project's name; choose another file",
    )


def _known(layout: Layout) -> Layout:
    """What no project has stays empty, and nothing is written twice."""
    taken = set()
    for column in layout.columns:
        if column.key not in fillable() or column.key in taken:
            column.key = ""
        taken.add(column.key)
        if fillable().get(column.key, SERIAL).kind != "yuan":
            column.unit = None
    return layout


# ── the register of forms ────────────────────────────────────────────────────────────────────────────────────────────
def may_amend(desk: Desk) -> None:
    """Asked before anybody's file is parsed."""
    desk.ask(Act.FORM_AMEND)


def told(desk: Desk, row: Form) -> Record:
    layout = unpacked(row.layout)
    code = desk.get(ProjectList, row.list_id, deleted=True).code if row.list_id else None
    columns = [{"caption": c.caption, "field": c.key or None, "unit": c.unit} for c in layout.columns]
    return {
        "name": row.name, "ledger": row.ledger, "list": code, "file_name": row.file_name,
        "sheet": row.sheet, "grouped_by": layout.grouped_by,
        "columns": columns,
        "not_filled": [c.caption for c in layout.columns if not c.key and c.caption],
        "created_at": row.created_at, "updated_at": row.updated_at, "version": row.since,
    }  # fmt: skip


def list_(desk: Desk) -> list[Record]:
    """Every form, by name."""
    desk.ask(Act.REGISTER_READ)
    rows = desk.rows(Form, "all", lambda q, t: q.order_by(t.c.name, t.c.id))
    return [told(desk, r) for r in rows]


def names_for(desk: Desk, ledger: str) -> list[str]:
    """The forms in which this ledger can be written: for the menu."""
    rows = desk.select(
        Form, "names_for", lambda q, t: q.where(sa.or_(t.c.ledger.is_(None), t.c.ledger == sa.bindparam("ledger"))).order_by(t.c.name),
        {"ledger": ledger}, columns=("name",),
    )  # fmt: skip
    return [name for (name,) in rows]


def find(desk: Desk, name: str, *, deleted: bool = False) -> Form:
    """The form of this name. Raises NotFound."""
    rows = desk.rows(
        Form, "named", lambda q, t: q.where(t.c.name == sa.bindparam("name")), {"name": name}, deleted="with" if deleted else "no"
    )  # fmt: skip
    if not rows:
        raise NotFound
    desk.ask(Act.REGISTER_READ)
    return rows[0]


def read(desk: Desk, name: str) -> Record:
    return told(desk, find(desk, name))


def create(desk: Desk, values: Record, *, layout: Layout, digest: str, file_name: str) -> Record:
    """A new form from a file that was read. Its name is unique, also among deleted ones."""
    desk.ask(Act.FORM_AMEND)
    facts = check(FormNew, reasons.take(desk, values))
    row = Form(
        digest=digest, file_name=file_name[-200:] or "?", sheet=layout.sheet[:200], layout=packed(layout), name=""
    )
    _place(desk, row, facts)
    desk.keep(row)
    return told(desk, row)


def amend(desk: Desk, name: str, edit: Record, *, version: int | None = None) -> Record:
    """Change what was given of a form: name, ledger, list, grouping, or what its columns are filled with."""
    row = find(desk, name)
    desk.ask(Act.FORM_AMEND)
    facts = check(FormEdit, reasons.take(desk, edit), partial=True)
    desk.current(row, version)
    _place(desk, row, facts)
    layout = unpacked(row.layout)
    if facts.get("grouped_by"):
        layout.grouped_by = facts["grouped_by"]
    if facts.get("columns") is not None:
        _map(layout, facts["columns"])
    row.layout = packed(layout)
    desk.keep(row)
    return told(desk, row)


def _place(desk: Desk, row: Form, facts: Record) -> None:
    """Name and what the form is for."""
    if "name" in facts and facts["name"] != row.name:
        if not facts["name"]:
            raise Invalid.one("/name", "required", "This must be given")
        taken = desk.rows(
            Form,
            "named",
            lambda q, t: q.where(t.c.name == sa.bindparam("name")),
            {"name": facts["name"]},
            deleted="with",
        )
        if taken:
            raise Conflict(
                "There is a form named {form} already, perhaps a deleted one", code="name_taken", form=facts["name"]
            )
        row.name = facts["name"]
    if "ledger" in facts:
        row.ledger = facts["ledger"]
    if "list" in facts:
        row.list_id = _list(desk, facts["list"]).id if facts["list"] else None


def _list(desk: Desk, code: str) -> ProjectList:
    try:
        return lists.find(desk, code)
    except NotFound:
        raise Invalid.one("/list", "not_in_list", "There is no list {list}", list=code) from None


def _map(layout: Layout, columns: list[Record]) -> None:
    if len(columns) != len(layout.columns):
        raise Invalid.one(
            "/columns", "malformed", "The form has {count} columns; give all of them", count=len(layout.columns)
        )
    seen: set[str] = set()
    for n, (column, said) in enumerate(zip(layout.columns, columns, strict=True)):
        key = said.get("field") or ""
        if key and key not in fillable():
            raise Invalid.one(
                f"/columns/{n}/field", "not_in_list", "No column of a ledger is called {field}", field=key
            )
        if key and key in seen:
            raise Invalid.one(f"/columns/{n}/field", "twice", "Another column is filled with this already")
        seen.add(key)
        unit = said.get("unit") or None
        if unit is not None and unit not in MONEY_UNITS:
            raise Invalid.one(
                f"/columns/{n}/unit", "not_in_list", "Choose one of: {choices}", choices=", ".join(MONEY_UNITS)
            )
        column.key = key
        is_money = bool(key) and fillable()[key].kind == "yuan"
        column.unit = (unit or column.unit or "万元") if is_money else None
    if "name" not in seen:
        raise Invalid.one("/columns", "required", "One column must be filled with the project's name")


def remove(desk: Desk, name: str, *, version: int | None = None) -> Record:
    """Take a form away; ``restore`` brings it back."""
    row = find(desk, name)
    desk.ask(Act.FORM_AMEND)
    desk.current(row, version)
    row.deleted_at = desk.now
    desk.keep(row)
    return told(desk, row)


def restore(desk: Desk, name: str) -> Record:
    """Bring a form back that was taken away."""
    row = find(desk, name, deleted=True)
    desk.ask(Act.FORM_AMEND)
    if row.deleted_at is not None:
        row.deleted_at = None
        desk.keep(row)
    return told(desk, row)
