"""``sanzhang import``: the import assistant without a browser. The options are the choices that the page and the API offer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from app import files
from app.errors import NotFound
from app.models.import_shapes import ImportEdit, check
from app.services import import_rows, imports, layouts, previews, reasons
from app.services.choices import choices_of
from app.services.preparing import Prepared, prepare
from app.services.workbooks import of_book, read, spellings
from app.words import say

IMPORTED, REFUSED = 0, 2
UNSETTLED = ("move", "doubtful", "refused", "elsewhere")
"""What may become of a row without her wish that it stays out."""


class Register(Protocol):
    """The part of ``db.Database`` that an import from the command line needs."""

    settings: Any

    def act_ahead_now(self, caller: Any, make: Any, service: Any, *args: Any, **kw: Any) -> Any: ...
    def ask_now(self, caller: Any, service: Any, *args: Any, **kw: Any) -> Any: ...


@dataclass(frozen=True)
class Report:
    """What an import came to: the preview as plain values, the same as text, and the exit code of the command."""

    preview: dict[str, Any]
    text: str
    exit_code: int


def run(
    db: Register, caller: Any, path: Path, *, sheet: str | None = None, dry_run: bool = False, **said: Any
) -> Report:
    """Read, prepare, and unless it is a dry run commit. ``said`` are choices by the names of ``ImportEdit``.

    The act's reason is the caller's, else the file; a move back or one without its proof wants hers. Raises what cannot
    be read or may not be done; rows that are left out are told in the report.
    """
    data = _data(path)
    prepared, remembered = _prepared(db, caller, data, path.name, sheet, said)
    seen = {**previews.preview(prepared, caller.language), "remembered": remembered}
    counts = prepared.counts
    as_she_chose = counts["left"] and not any(counts[state] for state in UNSETTLED)
    code = IMPORTED if counts["written"] or counts["same"] or as_she_chose else REFUSED
    if dry_run or not counts["written"]:
        said_last = say(
            "Nothing was stored: this was a dry run" if dry_run else "Nothing was stored: there is nothing to write",
            caller.language,
        )
        return Report(seen, previews.text(seen, caller.language, said_last), code)
    if "ledger" in prepared.reasons and not caller.reason:
        reasons.refuse(["ledger"])
    files.put(db.settings, data)
    reason = caller.reason or say("Import of {file}", caller.language, file=path.name)[:500]
    done = db.act_ahead_now(replace(caller, reason=reason), import_rows.make, imports.commit, prepared).value
    told = previews.text(seen, caller.language, _told(prepared, done, caller.language))
    return Report({**seen, "import": done}, told, code)


def _data(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFound("There is no file {file}", code="no_file", file=str(path)) from error


def _prepared(
    db: Register, caller: Any, data: bytes, name: str, sheet: str | None, said: dict[str, Any]
) -> tuple[Prepared, dict[str, Any]]:
    """The file beside the register, with what was said now and what is remembered of its headings."""
    given = {k: v for k, v in said.items() if v is not None}
    given = check(ImportEdit, given)
    names = db.ask_now(caller, spellings)
    understood = read(data, name, names, sheet)
    facts = db.ask_now(caller, layouts.applied, given, understood)
    chosen = facts["choices"]
    if chosen.get("sheets"):
        understood = of_book(understood.book, names, sheet, chosen["sheets"])
    return db.ask_now(caller, prepare, understood, choices_of(chosen)), facts["remembered"]


def _told(prepared: Prepared, done: dict[str, Any], language: str) -> str:
    return say(
        "Imported as no. {id}: {created} new, {changed} changed; a reviewer accepts the opening once"
        if prepared.choices.opening
        else "Imported as no. {id}: {created} new, {changed} changed, {moved} moved",
        language,
        **done,
    )
