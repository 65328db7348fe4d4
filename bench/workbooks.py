"""Workbooks in and out at size, each beside the bare library: what is read beside a bare reader, what is written beside a bare writer.

``python -m bench --only workbooks``. Every figure is taken in a process of its own, so that its memory is its own too; a round does
all of them in turn. Seconds on a shared machine say little, so the processor's are told beside them, children included.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from app.db import Caller, Database, house
from app.demo.plenty import WAN, many_projects
from app.desk import Desk
from app.models import Zone
from app.rules.access import Act
from app.rules.codes import ZoneKind, ZoneLevel
from app.schema import migrate
from app.services import exports, import_rows, imports
from app.services.asking import Asked
from app.services.preparing import Choices, Prepared, prepare, read, spellings
from app.serving import COLLECTED
from app.settings import Settings
from app.unswept import unswept

ROWS, FEW = 50_000, 5_000
CODE, NAME = "990001-OTHER", "东湖经济开发区（演示）"
HEADING = (
    "序号", "项目名称", "投资主体", "建设内容及规模", "建设地点", "总投资（万元）", "至2025年底累计完成投资（万元）", "2026年计划投资（万元）",
    "2026年1-10月完成投资（万元）", "形象进度", "开工时间", "计划竣工时间", "包挂领导", "责任单位", "责任人",
)  # fmt: skip
BASED_ON = (
    "investor_name",
    "content",
    "location",
    "total_investment_yuan",
    "sponsor_leader",
    "responsible_unit",
    "responsible_person",
)
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

Figures = dict[str, float]


# ── the data ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def rows(number: int, changed: bool = False) -> Iterator[list[Any]]:
    """``number`` projects under construction, 15 cells each; ``changed``: a later month, so that every row differs."""
    for at, project in enumerate(many_projects(number, [CODE], 5)):
        told = {name: project.get(name) for name in BASED_ON}
        total = (told["total_investment_yuan"] or 50_000_000) // WAN
        before, plan = total // 4, total // 3
        yield [
            at + 1, project["name"], told["investor_name"] or "东湖实业有限公司（演示）", told["content"] or "建设厂房", told["location"] or "东湖大道",
            total, before, plan, plan // 2, "设备安装" if changed else "主体施工", "2025-03-18", "2027.12",
            told["sponsor_leader"] or "郭启明", told["responsible_unit"] or "东湖管委会", told["responsible_person"] or "李文静",
        ]  # fmt: skip


def workbook(path: Path, number: int, changed: bool = False) -> None:
    """The sheet as a clerk sends it, by the bare writer."""
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        sheet = book.add_worksheet("在建项目")
        sheet.write_string(0, 0, f"{NAME}2026年10月在建项目台账")
        sheet.write_row(1, 0, HEADING)
        for at, row in enumerate(rows(number, changed), 2):
            sheet.write_row(at, 0, row)


def _made(folder: Path) -> None:
    """The files and registers that the stages begin with: one empty but for its zone, one that holds every row."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, number, changed in (("new", ROWS, False), ("changed", ROWS, True), ("few", FEW, False)):
        workbook(folder / f"{name}.xlsx", number, changed)
    migrate(_settings(folder / "empty.db").database_url)
    db = _opened(folder / "empty.db")
    db.act_now(house(), _zone)
    db.close()
    for name, source in (("full", "new"), ("small", "few")):
        shutil.copyfile(folder / "empty.db", folder / f"{name}.db")
        db = _opened(folder / f"{name}.db")
        prepared = _prepared(db, folder / f"{source}.xlsx")
        db.act_ahead_now(house(), import_rows.make, imports.commit, prepared)
        db.close()


def _zone(desk: Desk) -> None:
    desk.ask(Act.DEMO_LOAD)
    desk.keep(Zone(code=CODE, name=NAME, short_name="东湖（演示）", level=ZoneLevel.PROVINCIAL, kind=ZoneKind.OTHER))


def _settings(path: Path) -> Settings:
    folder = path.parent
    return Settings(database_url=f"sqlite:///{path}", files_dir=folder / "files", secret_file=folder / "secret")


def _opened(path: Path) -> Database:
    return Database(_settings(path))


def _prepared(db: Database, path: Path) -> Prepared:
    names = db.ask_now(house(), spellings)
    understood = read(path.read_bytes(), path.name, names)
    return db.ask_now(house(), prepare, understood, Choices(zone=CODE, opening=True))


# ── the stages, each in a process of its own ─────────────────────────────────────────────────────────────────────────
def bare_reader(folder: Path, scratch: Path) -> Figures:
    """The cells of the file as Python values, and nothing else."""
    watch = Watch()
    found = CalamineWorkbook.from_path(str(folder / "new.xlsx")).get_sheet_by_index(0).to_python()
    return {**watch.told("seen"), "rows": len(found) - 2}


def bare_writer(folder: Path, scratch: Path) -> Figures:
    """The same values as the export writes, without a format, from memory."""
    ready = list(rows(ROWS))
    watch = Watch()
    with xlsxwriter.Workbook(str(scratch / "bare.xlsx"), OPTIONS) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(ready):
            sheet.write_row(at, 0, row)
    return {**watch.told("seen"), "rows": len(ready)}


def import_new(folder: Path, scratch: Path) -> Figures:
    """Every row becomes a project."""
    return _imported(folder / "empty.db", folder / "new.xlsx", scratch)


def import_changed(folder: Path, scratch: Path) -> Figures:
    """Every row changes a project that is there."""
    return _imported(folder / "full.db", folder / "changed.xlsx", scratch)


def _imported(register: Path, file: Path, scratch: Path) -> Figures:
    """Preview as the page makes it, under the collector's rule of the server, then the commit as the worker does it: the
    act's time is what the writer is held."""
    gc.set_threshold(*COLLECTED)
    path = scratch / "register.db"
    shutil.copyfile(register, path)
    db = _opened(path)
    try:
        whole, watch = Watch(), Watch()
        prepared = _prepared(db, file)
        seen = watch.told("seen")
        with unswept():
            db.act_ahead_now(house(reason="bench"), import_rows.make, imports.commit, prepared)
        held, held_cpu = db.held
        return {**seen, "held": held, "held_cpu": held_cpu, **whole.told("commit"), "rows": prepared.counts["written"]}
    finally:
        db.close()


def export_all(folder: Path, scratch: Path) -> Figures:
    """The ledger as the page shows it, as a workbook."""
    return _exported(folder / "full.db", "xlsx")


def export_few(folder: Path, scratch: Path) -> Figures:
    """A tenth of the rows: the memory must be the same."""
    return _exported(folder / "small.db", "xlsx")


def export_csv(folder: Path, scratch: Path) -> Figures:
    """The ledger as comma-separated text."""
    return _exported(folder / "full.db", "csv")


def _exported(register: Path, form: str) -> Figures:
    db = _opened(register)
    try:
        caller: Caller = house()
        with Level() as level:
            watch = Watch()
            made = db.ask_now(caller, exports.file, Asked(zones=(CODE,), ledger="in_construction"), None, form)
            seen = watch.told("seen")
        made.path.unlink()
        return {**seen, "rows": made.count, "grown": level.grown}
    finally:
        db.close()


STAGES: dict[str, Callable[[Path, Path], Figures]] = {
    one.__name__: one
    for one in (bare_reader, bare_writer, import_new, import_changed, export_all, export_few, export_csv)
}


class Watch:
    """Seconds since it was made: of the clock, and of the processor for this process and its children."""

    def __init__(self) -> None:
        self._clock, self._work = time.perf_counter(), _worked()

    def told(self, name: str) -> Figures:
        return {name: time.perf_counter() - self._clock, f"{name}_cpu": _worked() - self._work}


class Level:
    """How much memory of its own this process takes on at most while it is open, looked at every 10 ms.

    Of its own: the pages of the database's file that SQLite maps are the system's, which drops them when it needs the room.
    """

    def __enter__(self) -> Level:
        self._least = self._most = _own()
        self._open = True
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        self._thread.join()

    def _look(self) -> None:
        while self._open:
            self._most = max(self._most, _own())
            time.sleep(0.01)

    @property
    def grown(self) -> float:
        return self._most - self._least


def _worked() -> float:
    return sum(os.times()[:4])


def _peak() -> float:
    """The most memory that this process ever held, in MiB; 0 where the system does not tell."""
    return _memory("VmHWM")


def _own() -> float:
    return _memory("RssAnon")


def _memory(name: str) -> float:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────
def measured(folder: Path, rounds: int) -> None:
    """Build, measure in turns, print one line a figure with its ratio to the bare library."""
    _made(folder)
    found: dict[str, list[Figures]] = {name: [] for name in STAGES}
    for _ in range(rounds):
        for name in STAGES:
            found[name].append(_apart(name, folder))
    print(
        f"{ROWS:,} rows of {len(HEADING)} columns; seconds are medians of {rounds} rounds, the ratio is bare time to ours"
    )
    print(f"{'':34}{'seconds':>9}{'cpu':>8}{'bare':>8}{'ratio':>8}{'of cpu':>8}{'MiB':>7}  goal")
    for told, stage, figure, bare, goal in LINES:
        _line(told, found[stage], figure, found[bare], goal)
    grown = [statistics.median(one["grown"] for one in found[name]) for name in ("export_few", "export_all")]
    print(f"memory that an export takes: {grown[0]:.0f} MiB for {FEW:,} rows, {grown[1]:.0f} MiB for {ROWS:,}")


LINES = (
    ("preview, all rows new", "import_new", "seen", "bare_reader", 5.0),
    ("commit, with reading", "import_new", "commit", "bare_reader", 10.0),
    ("  of which the writer is held", "import_new", "held", "bare_reader", 2.0),
    ("preview, all rows changed", "import_changed", "seen", "bare_reader", 5.0),
    ("commit, with reading", "import_changed", "commit", "bare_reader", 10.0),
    ("  of which the writer is held", "import_changed", "held", "bare_reader", 2.0),
    ("export as a workbook", "export_all", "seen", "bare_writer", 5.0),
    ("export as text", "export_csv", "seen", "bare_writer", None),
)


def _line(told: str, ours: list[Figures], figure: str, bare: list[Figures], goal: float | None) -> None:
    wrong = "" if all(one["rows"] == ROWS for one in ours) else "  ROWS MISSING"
    figures: list[float] = []
    for mine, its in ((figure, "seen"), (f"{figure}_cpu", "seen_cpu")):
        pairs = [(one[mine], other[its]) for one, other in zip(ours, bare, strict=True)]
        figures += [statistics.median(one for one, _ in pairs), statistics.median(other / one for one, other in pairs)]
    seconds, ratio, worked, of_work = figures
    floor = statistics.median(one["seen"] for one in bare)
    reached = "" if goal is None else f"{goal:g} s" + ("" if seconds <= goal else " MISSED")
    peak = max(one["peak"] for one in ours)
    print(f"{told:34}{seconds:9.2f}{worked:8.2f}{floor:8.2f}{ratio:8.2f}{of_work:8.2f}{peak:7.0f}  {reached}{wrong}")


def _apart(stage: str, folder: Path) -> Figures:
    """One stage in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.workbooks", stage, str(folder)],
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ},
    )
    figures: Figures = json.loads(done.stdout)
    return figures


def main() -> None:
    """One stage, as ``_apart`` starts it: its figures as JSON."""
    stage, folder = sys.argv[1], Path(sys.argv[2])
    scratch = folder / stage
    scratch.mkdir()
    try:
        figures = STAGES[stage](folder, scratch)
        print(json.dumps({**figures, "peak": _peak()}))
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
