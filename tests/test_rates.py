"""Rates over what was signed, the funnel of leads, targets and what may be expected: the rules alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import funnel, rates, spans, targets
from app.rules.codes import CountedAt
from app.rules.funnel import Share, Way
from app.rules.rates import Rate, Signing
from app.rules.targets import Class

YI = 100_000_000
UNTIL = "2026-10-31"
JANUARY = "2026-01-01"


def signed(on: str | None = "2026-03-01", **facts: Any) -> Signing:
    return Signing(zone_id=1, signed_on=on, **facts)


# ── rates ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def the_worked_example() -> list[Signing]:
    """247 signed, 1,077 × 100m yuan, 244 performing, 222 started, 370 × 100m yuan arrived."""
    sums = [4 * YI] * 246 + [(1077 - 4 * 246) * YI]
    made = [signed(amount=amount, funds=0) for amount in sums]
    made = [
        replace(s, registered_on="2026-04-01" if n < 244 else None, started_on="2026-05-01" if n < 222 else None)
        for n, s in enumerate(made)
    ]
    return [replace(made[0], funds=370 * YI), *made[1:]]


def test_of_247_signed_98_8_performed_89_9_started_and_34_4_of_the_money_arrived() -> None:
    told = {t.rate: t for t in rates.rates(rates.cohort(the_worked_example(), JANUARY, UNTIL), UNTIL)}
    performance, start, funds = told[Rate.PERFORMANCE], told[Rate.START], told[Rate.FUNDS]
    assert (performance.numerator, performance.denominator, performance.percent) == (244, 247, 98.8)
    assert (start.numerator, start.denominator, start.percent) == (222, 247, 89.9)
    assert (funds.numerator, funds.denominator, funds.percent) == (370 * YI, 1077 * YI, 34.4)


def test_the_cohort_are_first_definitive_contracts_of_the_year_up_to_the_month() -> None:
    every = [
        signed("2026-01-01"), signed(UNTIL), signed("2026-11-01"), signed("2025-12-31"), signed(None),
        signed(None, framework_on="2026-02-01"), signed("2026-12-01", framework_on="2026-03-01"),
        signed("2026-06-01", framework_on="2026-03-01"), signed(relation="expansion"), signed(relation="phase"), signed(relation="part"),
    ]  # fmt: skip
    assert [s.signed_on for s in rates.cohort(every, JANUARY, UNTIL)] == ["2026-01-01", UNTIL, "2026-06-01"]
    assert len(rates.expansions(every, JANUARY, UNTIL)) == 1
    assert [s.signed_on for s in rates.frameworks(every, JANUARY, UNTIL)] == [None, "2026-12-01"]


def test_all_since_a_chosen_year_are_the_second_cohort() -> None:
    every = [signed(f"{year}-05-05") for year in (2022, 2023, 2024, 2025, 2026)]
    assert len(rates.cohort(every, "2024-01-01", UNTIL)) == 3


def test_who_withdrew_stays_in_the_denominator() -> None:
    told = rates.tell(Rate.START, [signed(started_on="2026-05-01"), signed(disposition="withdrawn")], UNTIL)
    assert (told.numerator, told.denominator, told.percent) == (1, 2, 50.0)


def test_what_happened_after_the_month_does_not_count_yet() -> None:
    one = [signed(started_on="2026-11-01", registered_on="2026-11-02", in_production_on="2026-12-01")]
    assert [t.numerator for t in rates.rates(one, UNTIL)] == [0, 0, 0, 0, 0]


def test_landed_asks_for_the_firm_and_for_its_land_or_plant() -> None:
    every = [
        signed(registered_on="2026-04-01"), signed(land_on="2026-04-01"), signed(registered_on="2026-04-01", land_on="2026-05-01"),
    ]  # fmt: skip
    assert rates.tell(Rate.LANDED, every, UNTIL).numerator == 1
    assert every[2].landed_on == "2026-05-01"


def test_performance_is_a_firm_or_first_money_or_a_start() -> None:
    every = [
        signed(registered_on="2026-04-01"), signed(money_on="2026-04-01"), signed(started_on="2026-04-01"), signed(land_on="2026-04-01"),
    ]  # fmt: skip
    assert rates.tell(Rate.PERFORMANCE, every, UNTIL).numerator == 3


def test_of_a_project_that_no_lead_became_the_early_chapter_is_unknown_and_the_figure_says_so() -> None:
    every = [signed(early=False), signed(early=False, started_on="2026-04-01"), signed()]
    performance, landed = (rates.tell(rate, every, UNTIL) for rate in (Rate.PERFORMANCE, Rate.LANDED))
    assert (performance.numerator, performance.unknown, performance.denominator) == (1, 1, 3)
    assert (landed.numerator, landed.unknown, landed.denominator) == (0, 2, 3)
    assert rates.tell(Rate.START, every, UNTIL).unknown == 0


def test_a_start_without_evidence_is_told_beside_the_rate() -> None:
    every = [
        signed(pending_start_on="2026-04-01"),
        signed(started_on="2026-04-01"),
        signed(pending_start_on="2026-12-01"),
    ]
    start, performance = (rates.tell(rate, every, UNTIL) for rate in (Rate.START, Rate.PERFORMANCE))
    assert (start.numerator, start.pending, performance.pending) == (1, 1, 1)
    assert rates.behind(Rate.START, "pending", every, UNTIL) == every[:1]


def test_money_is_asked_of_contracts_whose_amount_is_known() -> None:
    every = [signed(amount=10 * YI, funds=4 * YI), signed(amount=10 * YI), signed(funds=7 * YI)]
    told = rates.tell(Rate.FUNDS, every, UNTIL)
    assert (told.numerator, told.denominator, told.unknown) == (4 * YI, 20 * YI, 2)


def test_a_rate_over_nothing_is_unknown_and_never_zero() -> None:
    assert [told.percent for told in rates.rates([], UNTIL)] == [None] * 5


def test_the_rows_behind_a_side_are_as_many_as_it_says() -> None:
    every = the_worked_example()
    for rate in (Rate.PERFORMANCE, Rate.START, Rate.LANDED, Rate.PRODUCTION):
        told = rates.tell(rate, every, UNTIL)
        sides = [len(rates.behind(rate, part, every, UNTIL)) for part in ("numerator", "denominator", "unknown")]
        assert sides == [told.numerator, told.denominator, told.unknown]


def test_signing_to_start_has_its_median_its_number_and_the_longest() -> None:
    starts = ("2026-03-11", "2026-03-31", "2026-06-09", None, "2026-02-01")
    told = rates.to_start([signed(started_on=on) for on in starts], UNTIL)
    assert (told.n, told.median, told.longest) == (3, 30.0, 100)
    assert spans.days([1, 2]).median == 1.5 and spans.days([]).median is None


def test_signed_is_a_number_a_sum_and_a_mean_over_what_is_known() -> None:
    told = rates.signed_of([signed(amount=3 * YI), signed(amount=4 * YI), signed()])
    assert (told.count, told.sum, told.known, told.mean) == (3, 7 * YI, 2, 350_000_000)
    assert rates.signed_of([signed()]).mean is None


DAYS = st.dates(min_value=date(2025, 6, 1), max_value=date(2026, 12, 31))
MAYBE_DAY = st.none() | DAYS.map(str)
SIGNINGS = st.builds(
    Signing,
    zone_id=st.integers(1, 3),
    signed_on=MAYBE_DAY,
    relation=st.sampled_from([None, None, None, "expansion", "phase", "part"]),
    framework_on=MAYBE_DAY,
    amount=st.none() | st.integers(0, 40 * YI),
    total=st.none() | st.integers(0, 40 * YI),
    disposition=st.sampled_from(["active", "lost", "withdrawn"]),
    early=st.booleans(),
    registered_on=MAYBE_DAY,
    land_on=MAYBE_DAY,
    money_on=MAYBE_DAY,
    funds=st.none() | st.integers(0, 40 * YI),
    started_on=MAYBE_DAY,
    pending_start_on=MAYBE_DAY,
    in_production_on=MAYBE_DAY,
)


@given(st.lists(SIGNINGS, max_size=12), SIGNINGS)
def test_a_signing_more_never_lowers_what_was_signed_and_a_rate_of_counts_is_a_share(
    every: list[Signing], one: Signing
) -> None:
    before, after = (rates.cohort(some, JANUARY, UNTIL) for some in (every, [*every, one]))
    assert len(after) >= len(before) and rates.signed_of(after).sum >= rates.signed_of(before).sum
    for told in rates.rates(after, UNTIL):
        if told.rate != Rate.FUNDS:
            assert told.numerator + told.unknown <= told.denominator == len(after)
            assert told.numerator + told.pending <= told.denominator
            assert told.percent is None or 0 <= told.percent <= 100


@given(st.lists(SIGNINGS, max_size=12))
def test_the_rates_of_the_zones_add_up_to_those_of_the_city(every: list[Signing]) -> None:
    whole = rates.rates(rates.cohort(every, JANUARY, UNTIL), UNTIL)
    parts = [
        rates.rates([s for s in rates.cohort(every, JANUARY, UNTIL) if s.zone_id == zone], UNTIL) for zone in (1, 2, 3)
    ]
    for place, told in enumerate(whole):
        of_zones = [part[place] for part in parts]
        for name in ("numerator", "denominator", "unknown"):
            assert getattr(told, name) == sum(getattr(one, name) for one in of_zones)


# ── the funnel ───────────────────────────────────────────────────────────────────────────────────────────────────────
def way(*stages: str, id_: int = 1, **facts: Any) -> Way:
    """A lead that entered these stages, ten days apart from 1 January on; ``stage@day`` names the day."""
    entered = []
    for number, said in enumerate(stages):
        stage, _, on = said.partition("@")
        entered.append((stage, on or str(date(2026, 1, 1) + timedelta(10 * number))))
    return Way(lead_id=id_, zone_id=1, entered=tuple(entered), **facts)


def told_of(*ways: Way, until: str = UNTIL) -> dict[str, funnel.Stage]:
    return {stage.stage: stage for stage in funnel.funnel(ways, until)}


def percent_of(stage: funnel.Stage) -> float | None:
    return stage.onward.percent if stage.onward else None


def test_each_stage_says_how_many_reached_it_and_how_many_went_on() -> None:
    told = told_of(way("lead", "screening", "negotiating", "signed"), way("lead", "screening"), way("lead"))
    assert [told[s].reached for s in funnel.STAGES] == [3, 2, 1, 1, 0, 0]
    assert [percent_of(told[s]) for s in funnel.STAGES] == [66.7, 50.0, 100.0, 0.0, None, None]
    assert told["signed"].here == {"active": 1} and told["started"].onward is None


def test_who_skipped_a_stage_went_through_it_and_who_was_taken_back_has_been_there() -> None:
    told = told_of(way("lead", "negotiating"), way("lead", "screening", "negotiating", "screening"))
    assert [told[s].reached for s in ("lead", "screening", "negotiating")] == [2, 2, 2]
    assert told["screening"].here == {"active": 1} and told["negotiating"].here == {"active": 1}


def test_days_in_a_stage_are_those_of_who_left_it_and_stood_in_it() -> None:
    told = told_of(way("lead", "screening", "negotiating"), way("lead", "negotiating@2026-02-10"), way("lead"))
    assert (told["lead"].days.n, told["lead"].days.median, told["lead"].days.longest) == (2, 25.0, 40)
    assert told["screening"].days.n == 1 and told["negotiating"].days.median is None
    passed = told_of(way("lead@2026-01-01", "screening@2026-01-09", "negotiating@2026-01-09"))
    assert (passed["lead"].days.median, passed["screening"].days.n) == (8.0, 0), "it did not stand in screening"


def test_leads_and_steps_of_later_days_are_not_there_yet() -> None:
    told = told_of(
        way("lead", "screening@2026-11-05"), way("lead@2026-11-05"), way("lead", disposition="lost", closed_on="2026-11-05")
    )  # fmt: skip
    assert told["lead"].reached == 2 and told["screening"].reached == 0 and told["lead"].here == {"active": 2}
    assert told["lead"].days.n == 0, "who leaves a stage later has not left it yet"


def test_losses_stand_by_reason_and_by_whom_they_were_lost_to() -> None:
    lost: dict[str, Any] = {"disposition": "lost", "reason": "land", "lost_to": "Qihe", "amount": 2 * YI}
    found = funnel.losses(
        [way("lead", **lost), way("lead", **lost), way("lead", disposition="withdrawn", reason="market"), way("lead")],
        UNTIL,
    )
    assert [(loss.reason, loss.lost_to, loss.count, loss.sum) for loss in found] == [
        ("land", "Qihe", 2, 4 * YI), ("market", None, 1, 0),
    ]  # fmt: skip


def test_a_chance_is_over_the_decided_and_says_when_there_are_too_few() -> None:
    won, lost = way("lead", "signed", definitive_on="2026-02-01"), way("lead", disposition="lost")
    framework, open_ = way("lead", "signed"), way("lead", "screening")
    share = funnel.chance([won, won, lost, framework, open_], "lead", "signed", UNTIL)
    assert (share.numerator, share.denominator, share.few) == (2, 3, True)
    assert funnel.awaited([won, lost, framework, open_], "signed", UNTIL) == [
        (framework, "signed"),
        (open_, "screening"),
    ]
    assert funnel.chance([lost], "screening", "signed", UNTIL).exact is None


STEPS = st.lists(st.tuples(st.sampled_from(funnel.STAGES), DAYS.map(str)), min_size=1, max_size=6)
WAYS = st.builds(
    Way,
    lead_id=st.integers(1, 99),
    zone_id=st.integers(1, 3),
    entered=STEPS.map(lambda steps: tuple(sorted(steps, key=lambda step: step[1]))),
    disposition=st.sampled_from(["active", "dormant", "lost", "withdrawn", "transferred"]),
    closed_on=MAYBE_DAY,
    definitive_on=MAYBE_DAY,
    channel=st.sampled_from([None, "agent", "office"]),
    amount=st.none() | st.integers(0, 40 * YI),
)


@given(st.lists(WAYS, max_size=12))
def test_no_more_go_on_than_came_and_every_conversion_is_between_nothing_and_all(ways: list[Way]) -> None:
    told = funnel.funnel(ways, UNTIL)
    for stage, following in pairwise(told):
        assert stage.reached >= following.reached
        assert stage.onward is not None and 0 <= (stage.onward.exact or 0) <= 1
        assert stage.onward.numerator == following.reached
    assert sum(sum(stage.here.values()) for stage in told) == told[0].reached
    for goal in funnel.STAGES:
        shares = [funnel.chance(ways, stage, goal, UNTIL) for stage in funnel.STAGES]
        assert all(share.exact is None or 0 <= share.exact <= 1 for share in shares)


@given(st.lists(WAYS, max_size=12), st.sampled_from(["channel", "zone_id", "began_on"]))
def test_the_groups_of_a_funnel_add_up_to_the_whole(ways: list[Way], name: str) -> None:
    parts = [funnel.funnel(some, UNTIL) for some in funnel.groups(ways, lambda w: str(getattr(w, name))).values()]
    for place, stage in enumerate(funnel.funnel(ways, UNTIL)):
        of_parts = [part[place] for part in parts]
        assert stage.reached == sum(one.reached for one in of_parts)
        assert stage.sum == sum(one.sum for one in of_parts) and stage.known == sum(one.known for one in of_parts)
        assert stage.days.n == sum(one.days.n for one in of_parts)


# ── targets ──────────────────────────────────────────────────────────────────────────────────────────────────────────
TEN, TWENTY = Class(10 * YI, 20 * YI, 3, 5), Class(20 * YI, None, 1, 2)


def states(*amounts: int | None, fills: bool = True) -> list[tuple[int, int, str]]:
    return [(s.done, s.counted, s.state) for s in targets.standings((TEN, TWENTY), amounts, fills=fills)]


def test_classes_exclude_each_other_and_say_below_within_or_above() -> None:
    assert states(10 * YI, 15 * YI, 20 * YI - 1, 20 * YI, 9 * YI, None) == [(3, 3, "within"), (1, 1, "within")]
    assert states() == [(0, 0, "below"), (0, 0, "below")]
    assert states(*[15 * YI] * 6) == [(6, 6, "above"), (0, 0, "below")]


def test_a_surplus_above_fills_a_lack_below_only_where_it_may() -> None:
    four_large = [30 * YI] * 4
    assert states(*four_large, 15 * YI) == [(1, 3, "within"), (4, 2, "within")]
    assert states(*four_large, 15 * YI, fills=False) == [(1, 1, "below"), (4, 4, "above")]
    assert states(*[15 * YI] * 9) == [(9, 9, "above"), (0, 0, "below")], "nothing below fills a lack above"


def test_classes_that_overlap_count_a_project_in_each_and_fill_nothing() -> None:
    whole = (Class(10 * YI, None, 3, 5), TWENTY)
    assert not targets.exclusive(whole) and targets.exclusive((TEN, TWENTY))
    found = targets.standings(whole, [30 * YI] * 4, fills=True)
    assert [(s.done, s.counted) for s in found] == [(4, 4), (4, 4)]


@pytest.mark.parametrize(
    ("counted_at", "day"), [("signed", "2026-03-01"), ("landed", "2026-06-01"), ("started", "2026-08-01")]
)
def test_a_contract_counts_on_the_day_that_the_target_names(counted_at: str, day: str) -> None:
    one = signed(registered_on="2026-05-01", land_on="2026-06-01", started_on="2026-08-01")
    assert targets.day_of(one, CountedAt(counted_at)) == day
    assert targets.counted([one], CountedAt(counted_at), JANUARY, UNTIL) == [one]


def test_expansions_count_by_their_increment_and_phases_and_frameworks_never() -> None:
    expansion = signed(relation="expansion", total=12 * YI)
    assert targets.amount_of(expansion) == 12 * YI and targets.amount_of(signed(total=12 * YI)) is None
    every = [expansion, signed(relation="phase"), signed(relation="part"), signed(None, framework_on="2026-03-01")]
    assert targets.counted(every, CountedAt.SIGNED, JANUARY, UNTIL) == [expansion]


def test_a_forecast_says_on_what_it_rests() -> None:
    shares = {"negotiating": Share(3, 6), "lead": Share(0, 2)}
    city = {"negotiating": Share(1, 10), "lead": Share(1, 10)}
    open_leads = [(way("lead", "negotiating", amount=25 * YI), "negotiating")] * 3
    own = targets.forecast(TWENTY, 1, open_leads, shares.__getitem__, city.__getitem__)
    assert (own.count, own.expected, own.open) == (2.5, Fraction(3, 2), 3)
    assert [(b.stage, b.of, b.share.denominator) for b in own.bases] == [("negotiating", "zone", 6)]

    few = targets.forecast(TWENTY, 1, [(way("lead", amount=25 * YI), "lead")], shares.__getitem__, city.__getitem__)
    assert (few.count, few.bases[0].of) == (1.1, "city")
    bare = targets.forecast(TWENTY, 1, [(way("lead", amount=25 * YI), "lead")], shares.__getitem__, shares.__getitem__)
    assert (bare.count, bare.bases[0].of) == (None, "none"), "too few cases anywhere: no number"
    assert targets.forecast(TWENTY, 1, [], shares.__getitem__, None).count == 1.0


@given(st.lists(st.none() | st.integers(0, 60 * YI), max_size=20), st.integers(0, 60 * YI), st.booleans())
def test_filling_moves_projects_and_makes_none_and_one_more_never_lowers_a_class(
    amounts: list[int | None], more: int, fills: bool
) -> None:
    before, after = (targets.standings((TEN, TWENTY), some, fills=fills) for some in (amounts, [*amounts, more]))
    assert sum(s.counted for s in before) == sum(s.done for s in before)
    assert all(s.counted >= 0 and (not s.given or s.counted >= s.of.high) for s in before)
    assert all(later.done >= earlier.done for earlier, later in zip(before, after, strict=True))
    assert sum(s.lacking for s in after) <= sum(s.lacking for s in before)


@given(st.lists(SIGNINGS, max_size=12), SIGNINGS, st.sampled_from(CountedAt))
def test_one_signing_more_never_lowers_what_counts_for_a_target(
    every: list[Signing], one: Signing, counted_at: CountedAt
) -> None:
    counts = [len(targets.counted(some, counted_at, JANUARY, UNTIL)) for some in (every, [*every, one])]
    assert counts[0] <= counts[1]
    assert all(s.relation in (None, "expansion") for s in targets.counted(every, counted_at, JANUARY, UNTIL))
