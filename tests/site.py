"""A real server for the tests in a browser: the application on a free port of this machine, and people who walk in.

with served(cast) as address, Site(address, cast, browser).person("editor", at=PHONE) as sheet:
    sheet.goto("/zones/EAST/ledgers/reserve")
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from app.db import house
from app.desk import Desk
from app.main import create_app
from app.models import Project
from app.services import projects
from tests.browser import DESK, page
from tests.cast import Cast

FACTS: dict[str, Any] = {
    "investor_name": "恒棣重工（演示）", "industry": "高端装备", "location": "一号路", "content": "年产轴承 20 万套", "kind": "new_investment",
    "annual_plan_yuan": 2 * 10**8, "plan_year": 2026, "planned_start_month": "2026-03",
    "planned_completion_month": "2027-12", "sponsor_leader": "郭启明", "responsible_person": "李文静", "signed_on": "2026-01-05",
}  # fmt: skip
"""What a project needs to stand in any ledger."""


@dataclass(frozen=True)
class Site:
    """The address of the running application, the people behind it, and the browser they all use."""

    address: str
    cast: Cast
    browser: Browser

    def let_in(self, context: BrowserContext, name: str) -> None:
        """Give a browser the session of this person."""
        context.add_cookies([{"name": "sanzhang", "value": self.cast.session(name), "url": self.address}])

    @contextlib.contextmanager
    def person(self, name: str, **more: Any) -> Iterator[Page]:
        """A page of a person who has signed in; ``more`` as for ``tests.browser.page``. Faults of the page fail the test."""
        with page(self.browser, base_url=self.address, **({"at": DESK} | more)) as sheet:
            self.let_in(sheet.context, name)
            yield sheet

    def sow(
        self, *names: str, ledger: str = "in_construction", zone: str = "EAST", largest: int = 5 * 10**8, **facts: Any
    ) -> list[int]:
        """Projects in a ledger, one for each name, each a million smaller than the one before; their ids."""

        def plant(desk: Desk) -> list[int]:
            made = []
            for n, name in enumerate(names):
                total = {"total_investment_yuan": largest - n * 10**6}
                asked: dict[str, Any] = {
                    "facts": FACTS | total | {"name": name} | facts,
                    "zone": zone,
                    "ledger": ledger,
                }
                dates = {"started_on": "2026-03-01"} if ledger in ("in_construction", "completed") else {}
                made.append(projects.create(desk, **asked, dates=dates, override=True)["id"])
            return made

        return list(self.cast.database.act_now(house(), plant).value)

    def known(self, id_: int) -> dict[str, Any]:
        """The columns of a project as the register has them now, deleted or not."""
        return dict(self.cast.database.ask_now(house(), lambda desk: vars(desk.get(Project, id_, deleted=True))))


@contextlib.contextmanager
def served(cast: Cast) -> Iterator[str]:
    """The application on a free port; its address."""
    config = uvicorn.Config(create_app(database=cast.database), port=0, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    cast.database.settings.public_url = f"http://127.0.0.1:{port}"
    yield cast.database.settings.public_url
    server.should_exit = True
    thread.join(timeout=10)
