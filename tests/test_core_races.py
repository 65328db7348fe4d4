"""Several people at once: no update is lost, no number is left out, readers do not wait, and a full queue says so."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app import db as db_module
from app import engine, lanes
from app.db import Database
from app.desk import Desk
from app.engine import Link, PostgresLink, Sql, SqliteLink
from app.errors import Busy, Stale
from app.models import Project
from app.settings import Settings
from tests import deeds
from tests.cast import Cast, link_of
from tests.neighbour import add_one

GAPS = Sql("SELECT count(*), min(seq), max(seq) FROM act")


def plant(cast: Cast) -> int:
    facts = {"name": "Plant", "ledger": "reserve", "jobs": 0}
    return int(cast.database.act_now(cast.editor, deeds.create, cast.east, facts).value["id"])


def jobs(cast: Cast, id_: int) -> int | None:
    found: int | None = cast.database.ask_now(cast.leader, lambda desk: desk.get(Project, id_).jobs)
    return found


def without_gap(cast: Cast) -> bool:
    count, first, last = cast.database.read_now(lambda link: link.row(GAPS)) or (0, 0, 0)
    return bool((first, last) == (1, count))


# ── nothing is lost ──────────────────────────────────────────────────────────────────────────────────────────────────
def hammer(cast: Cast, databases: list[Database], id_: int, times: int) -> None:
    """A thread for each database handed in: everybody adds one, ``times`` times. Raises what any of them met."""
    with ThreadPoolExecutor(len(databases)) as pool:
        for done in [pool.submit(lambda d: [add_one(d, cast.editor, id_) for _ in range(times)], d) for d in databases]:
            done.result()


def test_four_threads_of_fifty_changes_each_lose_none(cast: Cast) -> None:
    id_ = plant(cast)
    hammer(cast, [cast.database] * 4, id_, 50)
    assert (jobs(cast, id_), without_gap(cast)) == (200, True)


def test_two_writers_in_one_process_lose_none(cast: Cast, tmp_path: Path) -> None:
    id_, second = plant(cast), Database(cast.database.settings)
    hammer(cast, [cast.database, second], id_, 40)
    second.close()
    assert (jobs(cast, id_), without_gap(cast)) == (80, True)


def test_two_processes_on_one_database_lose_none(cast: Cast) -> None:
    id_ = plant(cast)
    command = [sys.executable, "-m", "tests.neighbour", cast.database.url, str(id_), "30"]
    with subprocess.Popen(command, cwd=Path(__file__).parent.parent) as neighbour:
        while not jobs(cast, id_):
            assert neighbour.poll() is None
            time.sleep(0.01)
        for _ in range(30):
            add_one(cast.database, cast.editor, id_)
    assert (neighbour.returncode, jobs(cast, id_), without_gap(cast)) == (0, 60, True)


def enter_many(cast: Cast, database: Database, times: int = 40) -> None:
    for _ in range(times):
        database.act_now(cast.editor, deeds.create, cast.east, {"name": "Plant", "ledger": "reserve"})


def test_two_writers_of_different_rows_take_every_number_once(cast: Cast) -> None:
    second = Database(cast.database.settings)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(enter_many, cast, database) for database in (cast.database, second)]:
            done.result()
    second.close()
    assert without_gap(cast)


def test_without_the_lock_two_writers_do_not_get_through(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SqliteLink, "begin", lambda self, *, write: self.raw.execute("BEGIN"))
    monkeypatch.setattr(PostgresLink, "begin", lambda self, *, write: self.raw.execute("BEGIN"))
    second = Database(cast.database.settings)
    with ThreadPoolExecutor(2) as pool:
        # often enough that one does not end before the other begins
        busy = [pool.submit(enter_many, cast, database, 200) for database in (cast.database, second)]
    second.close()
    said = " ".join(str(one.exception()) for one in busy)
    assert "locked" in said or "refused" in said  # no way to write, or one number for two acts


def test_without_the_version_check_updates_are_lost(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "current", lambda *a, **kw: None)
    id_ = plant(cast)
    hammer(cast, [cast.database] * 4, id_, 50)
    assert (jobs(cast, id_) or 0) < 200


# ── sixty at once, and a reader beside them ──────────────────────────────────────────────────────────────────────────
def test_sixty_writers_at_once_are_all_served_while_a_reader_goes_on(cast: Cast) -> None:
    async def scene() -> None:
        database, reads = cast.database, 0
        going = True

        async def reading() -> None:
            nonlocal reads
            while going:
                await database.read(cast.leader, lambda desk: desk.get(Project, id_).jobs)
                reads += 1

        id_ = plant(cast)
        reader = asyncio.create_task(reading())
        facts = {"name": "Plant", "ledger": "reserve"}
        made = await asyncio.gather(*(database.act(cast.editor, deeds.create, cast.east, facts) for _ in range(60)))
        going = False
        await reader
        assert sorted(a.seq or 0 for a in made) == list(range(made[0].seq or 0, (made[0].seq or 0) + 60))
        assert reads > 5

    asyncio.run(scene())


# ── the same key twice at once ───────────────────────────────────────────────────────────────────────────────────────
def test_a_second_request_waits_behind_the_first_and_then_replays(cast: Cast) -> None:
    async def scene() -> None:
        caller = cast.by("editor", key="k1", fingerprint="f")

        def slowly(desk: Desk) -> dict[str, Any]:
            time.sleep(0.1)
            return deeds.create(desk, cast.east, {"name": "Plant", "ledger": "reserve"})

        first, second = await asyncio.gather(cast.database.act(caller, slowly), cast.database.act(caller, slowly))
        assert (first.replayed, second.replayed, first.value) == (False, True, second.value)

    asyncio.run(scene())


def test_the_same_key_in_two_processes_acts_once(cast: Cast) -> None:
    caller, second = cast.by("editor", key="k1", fingerprint="f"), Database(cast.database.settings)
    facts = {"name": "Plant", "ledger": "reserve"}
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(d.act_now, caller, deeds.create, cast.east, facts) for d in (cast.database, second)]
        answers = [a.result() for a in asked]
    second.close()
    assert (answers[0].value, {a.replayed for a in answers}) == (answers[1].value, {True, False})


# ── busy ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_full_queue_is_refused_as_busy_and_serves_again_afterwards(cast: Cast) -> None:
    release, database = threading.Event(), cast.database
    with ThreadPoolExecutor(1) as pool:
        blocking = pool.submit(database.chore_now, lambda link: release.wait(10))
        while database._writer._queue.qsize() or not blocking.running():
            time.sleep(0.001)
        time.sleep(0.02)
        for _ in range(200):
            database._writer._put(lambda link: None, lambda result, error: None)
        with pytest.raises(Busy) as refused:
            plant(cast)
        release.set()
        blocking.result()
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "2"})
    assert plant(cast) > 0


def test_whoever_waited_too_long_is_told_and_nothing_is_done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cast.database.read_now(lambda link: link.row(GAPS))
    began = threading.Event()

    def hold(link: Link) -> None:
        began.set()
        time.sleep(0.2)

    with ThreadPoolExecutor(2) as pool, monkeypatch.context() as patched:
        patched.setattr(lanes, "WAIT_SECONDS", 0.05)
        blocking = pool.submit(cast.database.chore_now, hold)
        assert began.wait(10)
        with pytest.raises(Busy):
            plant(cast)
        blocking.result()
    assert cast.database.read_now(lambda link: link.row(GAPS)) == before


def test_another_process_that_holds_the_lock_makes_busy_and_the_writer_recovers(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WAIT_MILLISECONDS", 100)
    impatient, other = Database(cast.database.settings), link_of(cast.database)
    other.begin(write=True)
    with pytest.raises(Busy):
        impatient.act_now(cast.editor, deeds.create, cast.east, {"name": "Plant", "ledger": "reserve"})
    other.end(keep=False)
    other.close()
    assert impatient.act_now(cast.editor, deeds.create, cast.east, {"name": "Plant", "ledger": "reserve"}).seq
    impatient.close()


def test_a_closed_register_refuses_instead_of_waiting_for_ever(tmp_path: Path) -> None:
    database = Database(Settings(database_url=f"sqlite:///{tmp_path}/x.db"))
    database.close()
    with pytest.raises(Busy):
        database.chore_now(lambda link: None)


# ── reads over their budget ──────────────────────────────────────────────────────────────────────────────────────────
COUNTING = Sql(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT count(*) FROM n"
)


def test_a_hot_read_over_its_time_is_done_again_in_the_slow_lane(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        monkeypatch.setattr(db_module, "HOT_MILLISECONDS", {"sqlite": 5, "postgresql": 5})
        database = cast.database
        assert await database.hot(lambda link: link.value(COUNTING)) == 400_000
        assert database.over_budget == 1
        monkeypatch.setattr(db_module, "HOT_MILLISECONDS", {"sqlite": 60_000, "postgresql": 60_000})
        assert await database.hot(lambda link: link.value(GAPS)) > 0
        assert database.over_budget == 1

    asyncio.run(scene())


def test_a_read_cannot_write(cast: Cast) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        cast.database.read_now(lambda link: link.run(Sql("UPDATE head SET seq = 0")))


def test_a_stale_save_says_who_changed_what(cast: Cast) -> None:
    id_ = plant(cast)
    _, since = cast.database.ask_now(cast.editor, lambda desk: (0, desk.get(Project, id_).since))
    changed = cast.database.act_now(
        cast.by("reviewer", reason="heard so"), deeds.amend, id_, since, {"park": "North"}
    ).seq
    with pytest.raises(Stale) as refused:
        cast.database.act_now(cast.editor, deeds.amend, id_, since, {"park": "South"})
    told = refused.value.extra
    assert (told["current_version"], len(told["changed"])) == (changed, 1)
    mine = {k: told["changed"][0][k] for k in ("field", "before", "after", "by", "reason", "version")}
    assert mine == {
        "field": "park",
        "before": None,
        "after": "North",
        "by": "Reviewer",
        "reason": "heard so",
        "version": changed,
    }


# ── grouped commits ──────────────────────────────────────────────────────────────────────────────────────────────────
def gathered(cast: Cast, several: list[tuple[Any, ...]]) -> tuple[list[Any], int]:
    """Let these acts wait behind a slow chore until all are there; what came of each, and how many commits it took."""
    commits, kind = 0, SqliteLink if cast.database.dialect == "sqlite" else PostgresLink
    real = kind.end

    def counting(self: Link, *, keep: bool) -> None:
        nonlocal commits
        commits += keep
        real(self, keep=keep)

    release, begun = threading.Event(), threading.Event()
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(len(several) + 1) as pool:
        patch.setattr(kind, "end", counting)
        patch.setattr(lanes, "GROUP_SECONDS", 5)

        def hold(link: Link) -> None:
            begun.set()
            release.wait(5)

        blocking = pool.submit(cast.database.chore_now, hold)
        begun.wait(5)
        waiting: list[Any] = []
        for deed in several:
            waiting.append(pool.submit(cast.database.act_now, *deed))
            while cast.database._writer._queue.qsize() < len(waiting):
                time.sleep(0.001)
        release.set()
        found = [w.exception() or w.result() for w in waiting]
        blocking.result()
    return found, commits


def test_acts_that_wait_are_committed_together_and_a_refused_one_hurts_no_other(cast: Cast) -> None:
    id_ = plant(cast)

    def breaks(desk: Desk) -> None:
        deeds.amend(desk, id_, None, {"park": "lost"})
        raise ZeroDivisionError

    found, commits = gathered(
        cast,
        [
            (cast.editor, deeds.amend, id_, None, {"park": "North"}),
            (cast.by("editor", rehearse=True), deeds.amend, id_, None, {"park": "rehearsed"}),
            (cast.editor, breaks),
            (cast.editor, deeds.amend, id_, 2, {"park": "South"}),
            (cast.reviewer, deeds.amend, id_, None, {"jobs": 7}),
        ],
    )
    made, rehearsed, broken, stale, last = found
    assert commits == 1
    assert (type(broken), type(stale)) == (ZeroDivisionError, Stale)
    assert (made.seq, rehearsed.seq, last.seq) == (3, 4, 4)
    row = cast.database.ask_now(cast.leader, lambda desk: (desk.get(Project, id_).park, desk.get(Project, id_).jobs))
    assert (row, without_gap(cast)) == (("North", 7), True)


def test_a_commit_that_fails_is_told_to_everybody_in_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = plant(cast)
    before = cast.database.read_now(lambda link: link.row(GAPS))
    kind = SqliteLink if cast.database.dialect == "sqlite" else PostgresLink
    real = kind.end

    def failing(self: Link, *, keep: bool) -> None:
        real(self, keep=False)
        if keep:
            raise OSError("the disk is full")

    monkeypatch.setattr(kind, "end", failing)
    monkeypatch.setattr(lanes, "GROUP_SECONDS", 5)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(cast.database.act_now, cast.editor, deeds.amend, id_, None, {"jobs": n}) for n in range(4)]
        assert {type(a.exception()) for a in asked} == {OSError}
    monkeypatch.undo()
    assert cast.database.read_now(lambda link: link.row(GAPS)) == before
