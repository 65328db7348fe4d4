"""The bare floor: an ASGI app with hand-written SQL and orjson over the same file, without rights, history or versions.

Same SQLite library, pragmas, columns, rows and indexes. Its update is one durable UPDATE.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl

import orjson

from app.engine import connect
from app.models import Project, core
from app.models.base import BY_MODEL
from app.pages.rows import needs
from app.rules.codes import Ledger
from app.services.columns import chosen

NAMES = tuple(c for c in BY_MODEL[Project].columns if c != "search_name")
COLUMNS = ", ".join(NAMES)
LEDGER = "FROM project WHERE zone_id = ? AND ledger = ? AND deleted_at IS NULL"
ORDER = "ORDER BY total_investment_yuan DESC, id DESC"
PAGE = f"SELECT {COLUMNS} {LEDGER} {ORDER} LIMIT 51"
SHOWN = {ledger: dict.fromkeys(("id", *needs(chosen(ledger, None)))) for ledger in Ledger}
"""What the page of each ledger is made of."""
SHEET = {ledger: f"SELECT {', '.join(fields)} {LEDGER} {ORDER} LIMIT 101" for ledger, fields in SHOWN.items()}
DEEP = f"SELECT {COLUMNS} {LEDGER} AND (total_investment_yuan, id) < (?, ?) {ORDER} LIMIT 51"
ONE = f"SELECT {COLUMNS} FROM project WHERE id = ?"
SEARCH = (
    f"SELECT {COLUMNS} FROM project WHERE deleted_at IS NULL AND (name LIKE ? OR investor_name LIKE ? OR location LIKE ?) "
    "ORDER BY id DESC LIMIT 50"
)
SUMS = ("zone", "ledger", *core.COUNTED)
SUMMARY = (
    f"SELECT z.code, ledger, {', '.join(core.COUNTED)} FROM total t JOIN zone z ON z.id = t.zone_id WHERE projects > 0"
)
LIGHTS = f"SELECT z.code, ledger, light, {', '.join(core.COUNTED)} FROM light_total t JOIN zone z ON z.id = t.zone_id WHERE projects > 0"
OVERVIEW = (
    "SELECT z.code, z.name, sum(official), sum(total_investment_yuan_official_sum), sum(light_red) AS red FROM zone z "
    "LEFT JOIN total t ON t.zone_id = z.id GROUP BY z.id ORDER BY red DESC, z.code LIMIT 50"
)
MONTHS = "SELECT fact, period, projects, amount_sum, amount_known FROM dated_total WHERE zone_id = 0"
ZONE = "SELECT id FROM zone WHERE code = ?"
EDIT = "UPDATE floor_project SET progress_text = ? WHERE id = ?"
JSON = [(b"content-type", b"application/json")]
HTML = [(b"content-type", b"text/html; charset=utf-8")]

read = connect(os.environ["SANZHANG_DATABASE_URL"], write=False).raw
write = connect(os.environ["SANZHANG_DATABASE_URL"], write=True).raw
write.execute("DROP TABLE IF EXISTS floor_project")  # the table itself has guards that forbid a bare update
write.execute(f"CREATE TABLE floor_project AS SELECT {COLUMNS} FROM project ORDER BY id LIMIT 1000")
write.execute("CREATE UNIQUE INDEX ix_floor ON floor_project (id)")


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The floor's whole application."""
    if scope["type"] == "lifespan":
        while True:
            event = (await receive())["type"]
            await send({"type": event + ".complete"})
            if event == "lifespan.shutdown":
                return
    sent = (await receive())["body"] if scope["method"] == "PATCH" else b""
    headers, body = answer(scope["path"].split("/")[1:], dict(parse_qsl(scope["query_string"].decode())), sent)
    await send(
        {"type": "http.response.start", "status": 200, "headers": [*headers, (b"content-length", b"%d" % len(body))]}
    )
    await send({"type": "http.response.body", "body": body})


def made() -> Any:
    """For ``uvicorn --factory``, as the register is started."""
    return app


def answer(path: list[str], query: dict[str, str], sent: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """What the floor says to a path."""
    match path:
        case ["page", code, ledger]:
            return JSON, _items(read.execute(PAGE, (_zone(code), ledger)).fetchall()[:50])
        case ["html", code, ledger]:
            return HTML, _html(read.execute(SHEET[Ledger(ledger)], (_zone(code), ledger)).fetchall()[:100])
        case ["deep", code, ledger, value, id_]:
            return JSON, _items(read.execute(DEEP, (_zone(code), ledger, int(value), int(id_))).fetchall()[:50])
        case ["one", id_]:
            return JSON, orjson.dumps(dict(zip(NAMES, read.execute(ONE, (int(id_),)).fetchone(), strict=True)))
        case ["search"]:
            return JSON, _items(read.execute(SEARCH, (f"%{query['q']}%",) * 3).fetchall())
        case ["summary"]:
            return JSON, _items(read.execute(SUMMARY).fetchall(), SUMS)
        case ["lights"]:
            return JSON, _items(read.execute(LIGHTS).fetchall(), ("zone", "ledger", "light", *core.COUNTED))
        case ["overview"]:
            rows = [*read.execute(OVERVIEW).fetchall(), *read.execute(MONTHS).fetchall()]
            return HTML, _html(rows[:50]).replace(b"<tr data-id=", b"<tr data-zone=") + orjson.dumps(rows[50:])
        case ["edit", id_]:
            write.execute(EDIT, (orjson.loads(sent)["progress_text"], int(id_)))
            return JSON, orjson.dumps({"id": int(id_)})
    raise LookupError(path)


def _zone(code: str) -> int:
    return int(read.execute(ZONE, (code,)).fetchone()[0])


def _items(rows: list[tuple[Any, ...]], names: tuple[str, ...] = NAMES) -> bytes:
    return orjson.dumps({"items": [dict(zip(names, row, strict=True)) for row in rows], "next": None})


def _html(rows: list[tuple[Any, ...]]) -> bytes:
    """A plain table of the same columns, escaped, without any of the page's controls."""
    lines = ["<!doctype html><table>"]
    for id_, *values in rows:
        cells = "".join(f"<td>{'' if value is None else _escape(str(value))}</td>" for value in values)
        lines.append(f"<tr data-id={id_}>{cells}</tr>")
    return "".join(lines).encode()


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
