"""Invented leads of the demo zones: those still on their way, those that were let go, and the early chapters of projects.

A lead is a plain dict with the column names of the register. Beside them: ``moves`` (stage, day), ``talks`` (rows of
contacts), and for an early chapter ``of``, the key of its project. Every invented name says that it is a demonstration.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.demo import city, wares
from app.demo.people import HOST_EDITOR, Staff, staff
from app.demo.projects import DEMO, SIZES, WAN
from app.rules.codes import Agreement, CapitalFrom, Channel, FollowUpKind, Kind, LandMode, LeadDisposition, LeadStage
from app.rules.lead_stages import ORDER

Row = dict[str, Any]
PLACES = (
    ("深圳", CapitalFrom.OTHER_PROVINCE), ("苏州", CapitalFrom.OTHER_PROVINCE), ("宁波", CapitalFrom.OTHER_PROVINCE),
    ("上海", CapitalFrom.OTHER_PROVINCE), ("常州", CapitalFrom.OTHER_PROVINCE), ("合肥", CapitalFrom.OTHER_PROVINCE),
    ("东莞", CapitalFrom.OTHER_PROVINCE), ("天津", CapitalFrom.OTHER_PROVINCE), ("青岛", CapitalFrom.PROVINCE),
    ("潍坊", CapitalFrom.PROVINCE), ("淄博", CapitalFrom.PROVINCE), ("香港", CapitalFrom.FOREIGN),
)  # fmt: skip
RIVALS = ("安徽滁州", "江苏盐城", "河北邢台", "河南濮阳", "山东德州", "山东济宁")
CODE_NAMES = ("远山", "晨星", "青禾", "北斗", "长风", "启明", "望海", "云帆")
TALKS = (
    (FollowUpKind.CALL, "对方介绍{good}扩产打算，{capacity}，初步用地 {land} 亩，问电价和蒸汽价格"),
    (FollowUpKind.MESSAGE, "发去投资政策汇编、地块位置图和近三年用工情况"),
    (FollowUpKind.VISIT, "赴{place}拜访，看了现有产线；对方关心上游配套和物流半径"),
    (FollowUpKind.RECEPTION, "董事长一行来区，看了标准厂房和两处净地，对交通满意，嫌蒸汽管网未到红线"),
    (FollowUpKind.MEETING, "专班会商土地、能耗与环评准入，认为符合主导产业，需落实用能指标"),
    (FollowUpKind.FEEDBACK, "答复用电容量、蒸汽价格和设备补助办法，对方内部上会"),
    (FollowUpKind.MEETING, "逐条谈合同第二稿，剩投产时限和亩均税收两条未定"),
)
STEPS = (
    "发去地块红线图和控规条件", "约董事长来区实地看地", "组织能耗与环评会商", "送框架协议文本", "陪同测算用电容量",
    "答复税收和人才政策", "谈合同第三稿", "催交项目公司注册材料", "核实投资方资信",
)  # fmt: skip
WHY = {
    LeadDisposition.LOST: ("对方地价与设备补助更高", "配套距离更近，已在当地签约", "蒸汽管网两年内到不了红线"),
    LeadDisposition.DORMANT: ("行业下行，对方暂停扩产", "等待母公司重组结束"),
    LeadDisposition.WITHDRAWN: ("投资方资金链出现问题，主动撤回",),
}
LIVING: tuple[tuple[LeadStage, LeadDisposition, int], ...] = (
    (LeadStage.NEGOTIATING, LeadDisposition.ACTIVE, 70), (LeadStage.LEAD, LeadDisposition.ACTIVE, 1),
    (LeadStage.SIGNED, LeadDisposition.ACTIVE, 150), (LeadStage.SCREENING, LeadDisposition.ACTIVE, 9),
    (LeadStage.NEGOTIATING, LeadDisposition.LOST, 160), (LeadStage.NEGOTIATING, LeadDisposition.ACTIVE, 130),
    (LeadStage.LEAD, LeadDisposition.ACTIVE, 4), (LeadStage.SCREENING, LeadDisposition.DORMANT, 200),
    (LeadStage.SIGNED, LeadDisposition.ACTIVE, 220), (LeadStage.NEGOTIATING, LeadDisposition.ACTIVE, 45),
    (LeadStage.SCREENING, LeadDisposition.ACTIVE, 14), (LeadStage.SCREENING, LeadDisposition.LOST, 120),
    (LeadStage.LEAD, LeadDisposition.ACTIVE, 2), (LeadStage.SIGNED, LeadDisposition.WITHDRAWN, 260),
)  # fmt: skip
"""Where a lead stands, what was decided, and how many days ago it was registered: a zone takes the first of them."""
HOME, OTHERS = 14, 3
"""How many living leads the first zone has, and each other one."""
UNTOLD = 5
"""Of the contracts of this year and last, every so manieth came without an early chapter: it was registered before leads were."""
SPAN = 730
"""Days back to which the contracts of early chapters reach: this year and last."""


def leads(zone_code: str, seed: int, projects: list[Row], *, today: str) -> list[Row]:
    """The leads of one zone. ``projects`` are its invented projects: some of them get an early chapter."""
    maker = _Maker(zone_code, seed, today)
    count = HOME if maker.position == 0 else OTHERS
    living = [maker.living(*LIVING[(maker.position + n) % len(LIVING)], n) for n in range(count)]
    since = maker.back(SPAN)
    known = [p for p in projects if since <= (p.get("signed_on") or "") <= maker.back(20) and not p.get("parent_key")]
    left = ("lost", "withdrawn")
    told = sorted((p for p in known if p["disposition"] not in left), key=lambda p: str(p["signed_on"]), reverse=True)
    return living + [maker.early(p) for at, p in enumerate(told) if at % UNTOLD]


@dataclass
class _Maker:
    zone: str
    seed: int
    today: str
    rng: random.Random = field(init=False)
    staff: Staff = field(init=False)
    position: int = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"leads/{self.seed}/{self.zone}")
        self.position = list(SIZES).index(self.zone)
        self.staff = staff(self.position, self.seed)

    def back(self, days: int) -> str:
        return self.later(self.today, -days)

    def later(self, day: str, by: int) -> str:
        return min((date.fromisoformat(day) + timedelta(days=by)).isoformat(), self.today)

    # ── still on its way, or let go ──────────────────────────────────────────────────────────────────────────────────
    def living(self, stage: LeadStage, fate: LeadDisposition, age: int, at: int) -> Row:
        rng = self.rng
        place, capital = rng.choice(PLACES)
        code = rng.choice(city.leading(self.zone))
        sectors, goods = wares.WARES[code]
        sector, (good, capacity) = rng.choice(sectors), rng.choice(goods)
        stem, amount = rng.choice(wares.STEMS), rng.choice((8, 12, 18, 26, 35, 52, 80, 110, 160, 210)) * 1_000 * WAN
        begun = self.back(age + rng.randint(0, 6 if age > 20 else 0))
        lead: Row = {
            "name": f"{place}{stem}{sector}{good}项目{DEMO}",
            "investor_name": f"{place}{stem}{sector}有限公司{DEMO}",
            "capital_from": capital,
            "origin": place,
            "channel": rng.choice((Channel.STATIONED, Channel.BY_ENTERPRISE, Channel.INDUSTRY_CHAIN, Channel.DIRECT, Channel.FAIR, Channel.AGENCY)),
            "intended_amount_yuan": amount,
            "contact_name": f"{rng.choice('周吴郑王冯陈褚卫')}总",
            "contact_title": rng.choice(("总经理", "投资总监", "副总经理")),
            "contact_phone": f"138 0000 9{rng.randint(0, 999):03d}",
            "land_mu": float(rng.choice((30, 45, 60, 80, 120, 160))),
            "land_mode": rng.choice((LandMode.NEW_LAND, LandMode.LEASED)),
            "registered_on": begun,
            "confidential": at % 7 == 2,
            **self._followed(at),
        }  # fmt: skip
        if lead["confidential"]:
            lead["code_name"] = f"{CODE_NAMES[(self.position + at) % len(CODE_NAMES)]}项目"
        lead |= self._known(stage, code, capacity, good, amount)
        moves = self._moves(begun, stage, min(age, 100))
        talks = self._talks(lead, moves, place, good, capacity, fate)
        return self._standing(lead, stage, fate, moves, talks)

    def _followed(self, at: int) -> Row:
        person, unit, _ = self.staff.persons[at % len(self.staff.persons)]
        if self.position == 0 and at % 3 == 0:
            person, unit = next((p[0], p[1]) for p in self.staff.persons if p[0] == HOST_EDITOR)
        return {
            "keeper": person, "keeper_unit": unit, "first_contact_unit": unit,
            "responsible_leader": self.staff.leaders[at % len(self.staff.leaders)],
        }  # fmt: skip

    def _known(self, stage: LeadStage, code: str, capacity: str, good: str, amount: int) -> Row:
        """What is known by the time a lead stands in this stage."""
        known: Row = {"industry": city.industry_names()[code], "industry_code": code}
        if ORDER.index(stage) >= ORDER.index(LeadStage.SCREENING):
            known |= {"content": f"{capacity}，建设生产车间及配套设施", "kind": Kind.NEW_INVESTMENT}
        if ORDER.index(stage) >= ORDER.index(LeadStage.NEGOTIATING):
            known |= {
                "screening_result": "符合主导产业，用能可保障，同意跟进", "likelihood": self.rng.choice((30, 50, 60, 80)),
                "competitors": self.rng.choice(RIVALS), "expected_output_yuan": amount * 2, "expected_tax_yuan": amount // 20,
                "jobs": self.rng.choice((80, 120, 260, 400)),
            }  # fmt: skip
        return known

    def _moves(self, begun: str, stage: LeadStage, span: int) -> list[tuple[LeadStage, str]]:
        """Each stage with its day, spread over the first part of its life."""
        passed = ORDER[: ORDER.index(stage) + 1]
        each = max(1, span // (len(passed) + 2))
        return [(s, self.later(begun, n * each)) for n, s in enumerate(passed)]

    def _talks(
        self, lead: Row, moves: list[tuple[LeadStage, str]], place: str, good: str, capacity: str, fate: LeadDisposition
    ) -> list[Row]:
        rng = self.rng
        begun, last = lead["registered_on"], moves[-1][1]
        if fate is LeadDisposition.ACTIVE and len(moves) > 1:
            last = self.back(rng.choice((2, 4, 6, 9, 20, 70, 95)))
        age = (date.fromisoformat(max(last, begun)) - date.fromisoformat(begun)).days
        count = 0 if len(moves) == 1 and rng.random() < 0.5 else min(len(TALKS), len(moves) + age // 25)
        talks = []
        for n in range(count):
            kind, told = TALKS[n]
            day = self.later(begun, 1 + age * n // max(1, count - 1)) if count > 1 else begun
            step_on = self.later(day, 7)
            talks.append(
                {
                    "kind": kind, "happened_on": day, "by_whom": lead["keeper"],
                    "with_whom": f"{lead['contact_name']}（{lead['contact_title']}）", "progress": True,
                    "told": told.format(good=good, capacity=capacity, land=int(lead["land_mu"]), place=place),
                    "next_step": rng.choice(STEPS), "next_step_on": step_on, "done_on": step_on,
                }
            )  # fmt: skip
        if talks and fate is LeadDisposition.ACTIVE:
            soon = date.fromisoformat(self.today) + timedelta(days=rng.choice((-5, -1, 0, 1, 3, 6, 10)))
            talks[-1] |= {"next_step_on": max(soon.isoformat(), talks[-1]["happened_on"]), "done_on": None}
        return talks

    def _standing(
        self, lead: Row, stage: LeadStage, fate: LeadDisposition, moves: list[tuple[LeadStage, str]], talks: list[Row]
    ) -> Row:
        rng, day = self.rng, moves[-1][1]
        if stage is LeadStage.SIGNED:
            framework = rng.random() < 0.4
            lead |= {
                "agreement": Agreement.FRAMEWORK if framework else Agreement.DEFINITIVE,
                "framework_on" if framework else "signed_on": day,
                "contract_amount_yuan": lead["intended_amount_yuan"],
            }
        if fate is not LeadDisposition.ACTIVE:
            on = self.later(max([day, *(t["happened_on"] for t in talks)]), 21)
            lead |= {"disposition": fate, "disposition_on": on, "disposition_reason": rng.choice(WHY[fate])}
            lead["lost_to"] = rng.choice(RIVALS) if fate is LeadDisposition.LOST else None
        return {**lead, "stage": stage, "stage_on": day, "moves": moves, "talks": talks}

    # ── before a project ─────────────────────────────────────────────────────────────────────────────────────────────
    def early(self, project: Row) -> Row:
        """How a project of the ledgers began: from the first call to its contract, and what was secured since."""
        rng, signed = self.rng, str(project["signed_on"])
        begun = self.later(signed, -rng.randint(90, 240))
        days = [begun, self.later(begun, 4), self.later(begun, 25), signed]
        moves = list(zip(ORDER, days, strict=False))
        registered, secured = self.later(signed, 24), self.later(signed, 95)
        place, capital = rng.choice(PLACES)
        lead: Row = {
            "of": project["key"],
            "name": project["name"],
            "investor_name": project["investor_name"],
            "capital_from": capital,
            "origin": place,
            "channel": rng.choice((Channel.BY_ENTERPRISE, Channel.STATIONED, Channel.INDUSTRY_CHAIN, Channel.REFERRAL)),
            "intended_amount_yuan": project["total_investment_yuan"],
            "industry": project["industry"],
            "industry_code": project["industry_code"],
            "content": project["content"],
            "screening_result": "符合主导产业，同意跟进",
            "agreement": Agreement.DEFINITIVE,
            "signed_on": signed,
            "contract_amount_yuan": project.get("contract_amount_yuan") or project["total_investment_yuan"],
            "contact_name": f"{rng.choice('周吴郑王冯陈褚卫')}总",
            "contact_title": "总经理",
            "contact_phone": f"138 0000 9{rng.randint(0, 999):03d}",
            "land_mu": project.get("land_mu") or 60.0,
            "registered_on": begun,
            **self._followed(rng.randint(0, 8)),
        }
        if registered < self.today and rng.random() < 0.95:
            lead |= {
                "company_name": f"{str(project['name'])[:4]}项目公司{DEMO}", "company_registered_on": registered,
                "first_money_on": self.later(registered, 30), "funds_arrived_yuan": lead["contract_amount_yuan"] * rng.randint(2, 6) // 10,
            }  # fmt: skip
            if secured < self.today and rng.random() < 0.9:
                lead |= {"land_secured_on": secured, "landed_on": secured}
                moves.append((LeadStage.LANDED, secured))
        good = str(project["name"]).removesuffix(DEMO)
        talks = self._talks(lead, moves, place, good, str(project["content"]).split("，")[0], LeadDisposition.LOST)
        return {**lead, "stage": moves[-1][0], "stage_on": moves[-1][1], "moves": moves, "talks": talks}
