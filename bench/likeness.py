"""``python -m bench --only likeness``: how long it takes to find what is like a line that is being typed.

Over the projects of the benchmark and a hundred thousand leads beside them. Asked is as people type: firms in other
spellings, cut short, in traditional characters, with a character left out, and names that nobody has registered.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from app.db import Database, house
from app.demo.plenty import many_projects
from app.desk import Desk
from app.engine import Link, Sql
from app.models import Lead
from app.rules.access import Act
from app.rules.codes import LeadStage
from app.rules.traditional import SIMPLIFIED, TRADITIONAL
from app.services import duplicates
from app.settings import Settings

LEADS, AT_ONCE, ASKED = 100_000, 5_000, 400
ZONES = Sql("SELECT code, id FROM zone ORDER BY id")
COUNT = Sql("SELECT count(*) FROM lead")
SAMPLE = Sql(
    "SELECT id, name, investor_name, total_investment_yuan FROM project WHERE investor_name IS NOT NULL AND id % 997 < 3 ORDER BY id % 9973 LIMIT :most"
)
OLD = str.maketrans(SIMPLIFIED, TRADITIONAL)


def measured(settings: Settings) -> None:
    """Fill in the leads, ask, print."""
    db = Database(settings)
    try:
        zones: dict[str, int] = dict(db.read_now(lambda link: link.rows(ZONES)))
        known = db.read_now(lambda link: link.value(COUNT))
        rows = islice(many_projects(LEADS, list(zones), 3), known, None)
        while batch := list(islice(rows, AT_ONCE)):
            db.act_now(house(), _leads, batch, zones)
        asked = db.read_now(_questions)
        db.ask_now(house(), duplicates.search, asked[0][1])
        took, found = [], 0
        for id_, question in asked:
            began = time.perf_counter()
            answer = db.ask_now(house(), duplicates.search, question)
            took.append((time.perf_counter() - began) * 1000)
            found += id_ is not None and bool(answer["items"])
        took.sort()
        registered = sum(id_ is not None for id_, _ in asked)
        print(
            f"likeness: {len(took)} questions, p50 {statistics.median(took):.1f} ms, p99 {took[int(len(took) * 0.99)]:.1f} ms, "
            f"longest {took[-1]:.1f} ms; of {registered} that are registered {found} were answered with something alike"
        )
    finally:
        db.close()


def _leads(desk: Desk, rows: list[dict[str, Any]], zones: dict[str, int]) -> None:
    desk.ask(Act.DEMO_LOAD)
    day = desk.today
    desk.keep(
        [
            Lead(
                zone_id=zones[r["zone"]], name=r["name"], investor_name=r["investor_name"], intended_amount_yuan=r["total_investment_yuan"],
                stage=LeadStage.LEAD, registered_on=day, stage_on=day, progress_on=day,
            )
            for r in rows
        ]
    )  # fmt: skip


def _questions(link: Link) -> list[tuple[int | None, dict[str, Any]]]:
    sample = link.rows(SAMPLE, {"most": ASKED})
    return list(_asked(sample))


def _asked(sample: list[tuple[Any, ...]]) -> Iterator[tuple[int | None, dict[str, Any]]]:
    rng = random.Random(7)
    for n, (id_, name, investor, amount) in enumerate(sample):
        firm = investor.removesuffix("（演示）")
        at = rng.randrange(1, max(2, len(firm) - 4))
        spelt = (firm, firm.removesuffix("有限公司"), firm.translate(OLD), firm[:at] + firm[at + 1 :], "山东省" + firm)[
            n % 5
        ]
        yield id_, {"name": name[:-4], "investor_name": spelt, "amount_yuan": amount}
        if n % 8 == 0:
            yield None, {"name": f"第{n}号无人登记的项目", "investor_name": f"无名{n}有限公司"}
