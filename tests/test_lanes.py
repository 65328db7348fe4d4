"""Reads that wait together are done and told together, each with its own answer."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest

from app.engine import Link, Sql
from app.errors import Busy, NotFound
from app.lanes import Lane
from tests.cast import Cast, link_of

ONE = Sql("SELECT :n + 0")


def number(n: int, link: Link) -> int:
    return int(link.value(ONE, {"n": n}))


def lane_of(cast: Cast) -> Lane:
    return Lane("test", lambda: link_of(cast.database))


def test_each_of_several_reads_gets_its_own_answer_and_one_that_fails_harms_none(cast: Cast) -> None:
    lane, go = lane_of(cast), threading.Event()

    async def together() -> list[object]:
        first = asyncio.create_task(lane.run(lambda link: go.wait(5)))
        await asyncio.sleep(0.05)
        waiting = [lane.run(partial(number, n)) for n in range(5)]
        asyncio.get_running_loop().call_later(0.05, go.set)
        return await asyncio.gather(first, lane.run(_fails), *waiting, return_exceptions=True)

    try:
        held, failed, *answers = asyncio.run(together())
        assert held is True
        assert isinstance(failed, NotFound)
        assert answers == [0, 1, 2, 3, 4]
        assert lane.call(partial(number, 7)) == 7
    finally:
        lane.close()


def _fails(link: Link) -> int:
    raise NotFound


def test_who_comes_after_another_takes_the_same_connection_and_who_comes_beside_her_opens_one(cast: Cast) -> None:
    opened: list[Link] = []

    def connect() -> Link:
        opened.append(link_of(cast.database))
        return opened[-1]

    lane, met = Lane("test", connect, threads=4), threading.Barrier(2)
    for n in range(8):
        assert lane.call(partial(number, n)) == n
    assert len(opened) == 1
    beside = threading.Thread(target=lane.call, args=(lambda link: met.wait(5),))
    beside.start()
    lane.call(lambda link: met.wait(5))
    beside.join(5)
    assert len(opened) == 2
    lane.close()
    for link in opened:
        with pytest.raises(Exception, match="closed"):
            link.value(ONE, {"n": 1})


def test_a_lane_that_closes_answers_what_waits_before_it_ends(cast: Cast) -> None:
    lane, go = lane_of(cast), threading.Event()
    found: list[int] = []

    def ask(n: int) -> None:
        found.append(lane.call(partial(number, n)))

    threads = [threading.Thread(target=lambda: lane.call(lambda link: go.wait(5)))]
    threads += [threading.Thread(target=ask, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    while lane._queue.qsize() < 3:
        pass
    closing = threading.Thread(target=lane.close)
    closing.start()
    go.set()
    for thread in (*threads, closing):
        thread.join(5)
    assert sorted(found) == [0, 1, 2]
    with pytest.raises(Busy):
        lane.call(lambda link: 1)
