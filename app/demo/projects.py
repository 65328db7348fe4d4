"""Invented projects of the demo zones: the same seed always tells the same story.

A project is a plain dict with the column names of the register. Besides them: ``key`` and ``parent_key`` tie relatives
together, ``zone`` is the zone's code, ``evidence`` the kinds of evidence it has, ``month_invested_yuan`` what the last
reported month added. Every invented project and firm says that it is a demonstration.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from app.demo import city, wares
from app.demo.dates import day_in, days_later, month_ahead, month_back
from app.demo.families import relate
from app.demo.people import Staff, staff
from app.demo.spending import opening_of
from app.rules.codes import Disposition, Kind, LandMode, Ledger, Procedure, ProcedureState
from app.rules.money import next_month

DEMO = "（演示）"
TODAY = "2026-11-24"
WAN = 10_000
SIZES: dict[str, tuple[int, int, int, int]] = {
    "371500-ETDZ": (42, 18, 16, 21),
    "371500-HTZ": (38, 15, 15, 18),
    "371500-RESORT": (12, 5, 5, 4),
    "371502-ETDZ": (36, 12, 13, 14),
    "371503-ETDZ": (42, 20, 24, 26),
    "371581-ETDZ": (40, 17, 19, 20),
    "371524-ETDZ": (30, 10, 11, 12),
    "371525-ETDZ": (36, 13, 17, 16),
    "371521-ETDZ": (40, 16, 18, 22),
    "371522-ETDZ": (24, 8, 9, 9),
    "371526-ETDZ": (34, 12, 14, 13),
}
"""How many projects a zone has in reserve, upcoming, in construction, completed."""
CORNERS = ("东南", "东北", "西南", "西北")
PARKS = ("智造园", "创芯谷", "水城里", "东湖片", "绿能港", "轴承谷", "临港园", "阿胶谷", "冠南园", "鲁西园", "高东园")
"""Where in a zone something is planned: each has one such place."""

Row = dict[str, Any]


def projects(
    zone_code: str, seed: int, count: int | None = None, *, today: str = TODAY, met: set[tuple[str, str]] | None = None
) -> list[Row]:
    """The projects of one demo zone over all four ledgers; with ``count`` so many, in the same proportions. ``met``: who makes
    what in the zones before, so that no firm makes it once more; what is made here is added."""
    maker = _Maker(zone_code, seed, today, set() if met is None else met)
    rows = [
        make(maker)
        for make, number in zip((_reserve, _upcoming, _building, _completed), _numbers(zone_code, count), strict=True)
        for _ in range(number)
    ]
    relate(rows, maker.rng)
    _name_apart(rows)
    return rows


def _name_apart(rows: list[Row]) -> None:
    """No name twice in a zone, and every invented name says what it is."""
    met: dict[str, int] = {}
    for row in rows:
        name = row["name"]
        met[name] = met.get(name, 0) + 1
        again = "" if met[name] == 1 else f"（{met[name]}）" if name.endswith("项目") else f"{met[name]}号线"
        row["name"] = name + again + DEMO
        if row["investor_name"]:
            row["investor_name"] += DEMO


def _numbers(zone_code: str, count: int | None) -> list[int]:
    sizes = SIZES[zone_code]
    if count is None:
        return list(sizes)
    edges = [round(count * sum(sizes[:at]) / sum(sizes)) for at in range(len(sizes) + 1)]
    return [after - before for before, after in pairwise(edges)]


@dataclass
class _Maker:
    """One zone's generator: its chance, its people, its calendar."""

    zone: str
    seed: int
    today: str
    met: set[tuple[str, str]]
    made: int = 0
    good: str = ""
    """What the project made last is about."""
    rng: random.Random = field(init=False)
    staff: Staff = field(init=False)
    month: str = field(init=False)
    """The last reported month: figures stand as of its end."""

    def __post_init__(self) -> None:
        self.rng = random.Random(f"projects/{self.seed}/{self.zone}")
        self.position = list(SIZES).index(self.zone)
        self.staff = staff(self.position, self.seed)
        self.place = city.place_name(self.zone)
        self.month = next_month(self.today[:7], -1)
        self.stems = list(wares.STEMS)
        self.rng.shuffle(self.stems)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def total(self, lowest: int = 3_000, highest: int = 200_000) -> int:
        """Total investment in yuan: many small ones, few large ones, rounded as people round."""
        wan = min(highest, max(lowest, int(self.rng.lognormvariate(9.9, 0.85))))
        step = 100 if wan < 10_000 else 500 if wan < 50_000 else 1_000
        return wan // step * step * WAN

    def base(self, ledger: Ledger) -> Row:
        """What every project has, whatever its ledger."""
        self.made += 1
        rng, code = self.rng, self._industry()
        sectors, goods = wares.WARES[code]
        sector, (good, capacity) = rng.choice(sectors), rng.choice(goods)
        stem, self.good = self._stem(good), good
        person, unit, phone = rng.choice(self.staff.persons)
        total = self.total()
        return {
            "key": f"{self.zone}-{self.made}",
            "zone": self.zone,
            "ledger": ledger,
            "disposition": Disposition.ACTIVE,
            "name": f"{stem}{sector}{good}",
            "kind": Kind.NEW_INVESTMENT,
            "industry": city.industry_names()[code],
            "industry_code": code,
            "content": f"{capacity}，建设生产车间、仓储及配套设施",
            "investor_name": f"{self.place}{stem}{sector}有限公司",
            "total_investment_yuan": total,
            "sponsor_leader": rng.choice(self.staff.leaders),
            "responsible_unit": unit,
            "responsible_person": person,
            "phone": phone,
            **self._ground(total),
        }

    def _stem(self, good: str) -> str:
        """The next firm that does not make this yet."""
        turn = self.made % len(self.stems)
        waiting = self.stems[turn:] + self.stems[:turn]
        stem = next((stem for stem in waiting if (stem, good) not in self.met), waiting[0])
        self.met.add((stem, good))
        return stem

    def _industry(self) -> str:
        leads = city.leading(self.zone)
        if self.chance(0.78):
            return self.rng.choices(leads, weights=[5, 3, 2][: len(leads)])[0]
        return self.rng.choice([code for code in wares.WARES if code not in ("tourism", "health")])

    def _ground(self, total: int) -> Row:
        rng = self.rng
        if self.chance(0.7):
            return {
                "land_mode": LandMode.NEW_LAND,
                "land_mu": float(max(8, round(total / WAN / rng.uniform(250, 420)))),
            }
        mode = rng.choice([LandMode.EXISTING_PLANT, LandMode.LEASED])
        return {"land_mode": mode, "plant_area_m2": float(rng.randint(30, 400) * 100)}

    def promises(self, total: int) -> Row:
        """What the contract promises and which amounts are known by then."""
        rng = self.rng
        output = int(total * rng.uniform(0.8, 1.9)) // (100 * WAN) * 100 * WAN
        return {
            "location": f"{self.place}{rng.choice(('创业路', '兴业街', '科技大道', '工业三路', '新城大街'))}与{rng.choice('一二三四五六')}号路交叉口{CORNERS[self.made % 4]}角",
            "contract_amount_yuan": total,
            "fixed_investment_yuan": int(total * rng.uniform(0.68, 0.86)) // (10 * WAN) * 10 * WAN,
            "expected_output_yuan": output,
            "expected_tax_yuan": int(output * rng.uniform(0.02, 0.06)) // (10 * WAN) * 10 * WAN,
            "jobs": rng.randint(4, 90) * 5,
            "service_unit": rng.choice(self.staff.service_units),
            "foreign_investment_usd": rng.randint(3, 40) * 1_000_000 if self.chance(0.06) else None,
            "is_high_energy_emission": self.chance(0.05),
        }

    def national_code(self, month: str) -> str:
        region = self.zone[:6]
        return f"{month[2:4]}{month[5:7]}-{region}-04-01-{900_000 + self.position * 1_000 + self.made:06d}"


def _reserve(maker: _Maker) -> Row:
    """Half planned without an investor yet, half signed; much is still to be filled in."""
    rng, row = maker.rng, maker.base(Ledger.RESERVE)
    row["progress_text"] = rng.choice(wares.TALKS)
    if maker.chance(0.45):
        return row | {
            "name": f"{maker.place}{PARKS[maker.position]}{maker.good}谋划项目",
            "investor_name": None,
            "total_investment_yuan": None if maker.chance(0.2) else row["total_investment_yuan"],
            "responsible_person": None if maker.chance(0.25) else row["responsible_person"],
        }
    row["signed_on"] = day_in(rng, month_back(rng, maker.month, 0, 16))
    row["contract_amount_yuan"] = row["total_investment_yuan"]
    row["transfer_month"] = month_ahead(rng, maker.month, 1, 14)
    if maker.chance(0.06):
        away = rng.choice([Disposition.LOST, Disposition.WITHDRAWN])
        row |= {
            "disposition": away,
            "disposition_on": maker.today,
            "disposition_reason": "投资方调整布局",
            "destination": "外省",
        }
    return row


def _upcoming(maker: _Maker) -> Row:
    """Procedures under way. Some missed their month, some hang since they were signed long ago."""
    rng, row = maker.rng, maker.base(Ledger.UPCOMING)
    row |= maker.promises(row["total_investment_yuan"])
    stuck = maker.chance(0.18)
    late = stuck or maker.chance(0.12)
    december = f"{maker.today[:4]}-12"
    planned = (
        month_back(rng, maker.month, *((0, 4) if stuck else (0, 1)))
        if late
        else min(month_ahead(rng, maker.month, 1, 3), december)
    )
    row |= {
        "signed_on": day_in(rng, month_back(rng, maker.month, *((12, 20) if stuck else (3, 10)))),
        "planned_start_month": planned,
        "planned_completion_month": month_ahead(rng, planned, 10, 20),
        "first_planned_start_month": planned,
        "evidence": ["contract"],
        "pending": False,
    }
    if maker.chance(0.18):
        row |= {"first_planned_start_month": month_back(rng, planned, 1, 5), "postponements": rng.randint(1, 2)}
    if maker.chance(0.3):
        row |= {"kind": rng.choice([Kind.EXPANSION, Kind.TECHNICAL_UPGRADE, Kind.PROFIT_REINVESTMENT])}
    if maker.chance(0.07):
        row |= {"evidence": [], "pending": True}
    if stuck:
        row["bottleneck"], row["problems_own"], row["problems_government"] = rng.choice(wares.HOLDUPS)
    elif maker.chance(0.05):
        row |= {
            "disposition": Disposition.DEFERRED,
            "disposition_on": maker.today,
            "disposition_reason": "市场变化，投资方申请缓建",
        }
    return row | _procedures(maker, row["signed_on"], done=rng.randint(0, 2) if stuck else rng.randint(1, 5))


def _procedures(maker: _Maker, signed_on: str, done: int) -> Row:
    """So many of the five are done, the next is in progress with a promised day, the rest has not begun."""
    row: Row = {"national_code": maker.national_code(next_month(signed_on[:7]))} if done else {}
    for at, procedure in enumerate(Procedure):
        if at < done:
            row[f"{procedure}_state"] = ProcedureState.DONE
        elif at == done:
            row[f"{procedure}_state"] = ProcedureState.IN_PROGRESS
            row[f"{procedure}_promised_on"] = days_later(maker.today, maker.rng.randint(-20, 60))
        else:
            row[f"{procedure}_state"] = ProcedureState.NOT_STARTED
    return row


def _building(maker: _Maker) -> Row:
    """Begun, with an opening at the last reported month, an annual plan, and now and then trouble."""
    rng, row = maker.rng, maker.base(Ledger.IN_CONSTRUCTION)
    row |= maker.promises(row["total_investment_yuan"])
    began = month_back(rng, maker.month, 1, 22)
    row |= _begun(maker, began)
    row["planned_completion_month"] = month_ahead(rng, max(began, next_month(maker.month, -8)), 9, 18)
    row["planned_production_month"] = next_month(row["planned_completion_month"], 2)
    row["filed_investment_yuan"] = row["total_investment_yuan"]
    if began < maker.month and not maker.chance(0.06):
        row["registered_in_statistics_on"] = days_later(row["started_on"], rng.randint(12, 29))
        row["statistical_investment_yuan"] = row["total_investment_yuan"]
    row |= opening_of(row, maker.month, rng)
    if row.pop("lagging"):
        row["problems_own"], row["problems_government"] = rng.choice(wares.TROUBLES)
        if maker.chance(0.12):
            row |= {
                "disposition": Disposition.SUSPENDED,
                "disposition_on": maker.today,
                "disposition_reason": "总包单位更换",
            }
    share = (row["opening_before_year_yuan"] + row["opening_this_year_yuan"]) / row["total_investment_yuan"]
    row["progress_text"] = wares.STAGES[min(len(wares.STAGES) - 1, int(share * len(wares.STAGES)))]
    row |= {"evidence": ["construction_contract", "site_photo"], "pending": False}
    if maker.chance(0.09):
        row |= {"evidence": [], "pending": True}
    return row


def _begun(maker: _Maker, began: str) -> Row:
    """Dates of a project that started in ``began``: signed and planned before, often a little later than planned."""
    rng = maker.rng
    planned = month_back(rng, began, 0, 2)
    return {
        "national_code": maker.national_code(planned),
        "signed_on": day_in(rng, month_back(rng, planned, 4, 11)),
        "planned_start_month": planned,
        "first_planned_start_month": planned,
        "started_on": day_in(rng, began),
    } | {f"{procedure}_state": ProcedureState.DONE for procedure in Procedure}


def _completed(maker: _Maker) -> Row:
    """Built within the last three years; three in ten still do not produce."""
    rng, row = maker.rng, maker.base(Ledger.COMPLETED)
    total = row["total_investment_yuan"]
    row |= maker.promises(total)
    ended = month_back(rng, maker.month, 0, 30)
    row |= _begun(maker, month_back(rng, ended, 8, 24))
    row |= {
        "planned_completion_month": month_back(rng, ended, 0, 4),
        "completed_on": day_in(rng, ended),
        "registered_in_statistics_on": days_later(row["started_on"], rng.randint(12, 60)),
        "statistical_investment_yuan": total,
        "filed_investment_yuan": total,
        "evidence": ["acceptance_record"],
        "pending": False,
        "progress_text": "竣工验收",
    }
    this_year = int(total * rng.uniform(0.1, 0.4)) // (10 * WAN) * 10 * WAN if ended[:4] == maker.month[:4] else 0
    row |= {
        "opening_month": maker.month,
        "opening_this_year_yuan": this_year,
        "opening_before_year_yuan": total - this_year,
    }
    produces = next_month(ended, rng.randint(1, 4))
    if maker.chance(0.7) and produces <= maker.month:
        row |= {"in_production_on": day_in(rng, produces), "progress_text": "已投产"}
    return row
