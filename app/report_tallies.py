"""What the reports that an act touched add to the sums by month, and what all reports come to.

A fact of a report hangs on its project's row too (``rules.reported``). So the facts of a project are taken off as they were
before the act and put on as they are now; of a project with neither, nothing is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

from app.engine import Link, Sql
from app.models.base import NOUNS
from app.rules.dated import Dated
from app.rules.reported import OF_PROJECT, OF_REPORT, facts

Values = tuple[Any, ...]
Written = Iterable[tuple[int, Values | None, Values]]
"""Rows of a noun that an act wrote: id, all columns as they were (None: it is new), all columns now."""
Reckoned = Iterator[tuple[int, Dated, int]]
"""Zone, fact, and whether it is put on (1) or taken off (-1)."""

_AMONG = {"sqlite": "IN (SELECT value FROM json_each(:ids))", "postgresql": "= ANY(CAST(:ids AS bigint[]))"}
_REPORTS = f"SELECT id, {', '.join(OF_REPORT)} FROM report WHERE"
REPORTS_OF = {d: Sql(f"{_REPORTS} project_id {among}") for d, among in _AMONG.items()}
PROJECTS = {d: Sql(f"SELECT {', '.join(OF_PROJECT)} FROM project WHERE id {among}") for d, among in _AMONG.items()}
SOME_PROJECTS = Sql(f"SELECT {', '.join(OF_PROJECT)} FROM project WHERE id > :after ORDER BY id LIMIT 5000")
SOME_REPORTS = Sql(f"{_REPORTS} project_id > :after AND project_id <= :last")
AT_ONCE = 1000
LIVE, MONTH = OF_REPORT.index("deleted_at"), OF_REPORT.index("month")


def _chosen(noun: str, names: tuple[str, ...]) -> Any:
    return itemgetter(*(NOUNS[noun].at[name] for name in names))


def reckoned(link: Link, projects: Written, reports: Written) -> Reckoned:
    """What becomes otherwise through the rows that an act wrote."""
    of_project, of_report = _chosen("project", OF_PROJECT), _chosen("report", OF_REPORT)
    known = {id_: (of_project(first) if first else None, of_project(now)) for id_, first, now in projects}
    touched: dict[int, dict[int, tuple[Values | None, Values]]] = defaultdict(dict)
    for id_, first, now in reports:
        was, is_ = of_report(first) if first else None, of_report(now)
        if was != is_:
            touched[is_[0]][id_] = was, is_
    moved = {id_ for id_, (was, is_) in known.items() if was != is_ and (was is not None or is_[OPENED] is not None)}
    for ids in _in_parts(sorted(moved | touched.keys())):
        strange = [id_ for id_ in ids if id_ not in known]
        rows = {row[0]: (row, row) for row in _read(link, PROJECTS, strange)}
        stored: dict[int, dict[int, Values]] = defaultdict(dict)
        for id_, *row in _read(link, REPORTS_OF, [id_ for id_ in ids if (known.get(id_) or rows[id_])[0] is not None]):
            stored[row[0]][id_] = tuple(row)
        for id_ in ids:
            before, after = known.get(id_) or rows[id_]
            written = touched[id_]
            given = stored[id_] | {n: is_ for n, (_, is_) in written.items()}
            then = {n: report for n, report in given.items() if n not in written}
            then |= {n: was for n, (was, _) in written.items() if was is not None}
            if before is not None:
                yield from _of_one(before, then.values(), -1)
            yield from _of_one(after, given.values(), 1)


OPENED = OF_PROJECT.index("opening_month")


def _of_one(project: Values, reports: Iterable[Values], sign: int) -> Reckoned:
    live = sorted((row for row in reports if row[LIVE] is None), key=itemgetter(MONTH))
    row = dict(zip(OF_PROJECT, project, strict=True))
    for fact in facts(row, [dict(zip(OF_REPORT, report, strict=True)) for report in live]):
        yield row["zone_id"], fact, sign


def all_reckoned(link: Link) -> Reckoned:
    """The facts of all reports, project by project; a few thousand are in memory at a time."""
    after = 0
    while projects := link.rows(SOME_PROJECTS, {"after": after}):
        last = projects[-1][0]
        by_project: dict[int, list[Values]] = defaultdict(list)
        for _, *row in link.rows(SOME_REPORTS, {"after": after, "last": last}):
            by_project[row[0]].append(tuple(row))
        for project in projects:
            if project[0] in by_project or project[OPENED] is not None:
                yield from _of_one(project, by_project[project[0]], 1)
        after = last


def _in_parts(ids: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(ids), AT_ONCE):
        yield ids[at : at + AT_ONCE]


def _read(link: Link, statements: dict[str, Sql], ids: list[int]) -> list[Values]:
    if not ids:
        return []
    value: Any = ids if link.dialect == "postgresql" else "[" + ",".join(map(str, ids)) + "]"
    return link.rows(statements[link.dialect], {"ids": value})
