"""Bodies as a caller would send them, for the document. A test sends each and sees it taken."""

from __future__ import annotations

from typing import Any

FACTS: dict[str, Any] = {
    "name": "年产三万吨铝型材项目（演示）",
    "kind": "new_investment",
    "industry": "有色金属",
    "location": "东一路北侧",
    "content": "建设厂房 2 万平方米，购置生产线 6 条",
    "investor_name": "某铝业有限公司（演示）",
    "total_investment_yuan": 320_000_000,
    "planned_start_month": "2027-03",
    "sponsor_leader": "某领导",
    "responsible_person": "某某",
    "signed_on": "2026-06-30",
}
REFERENCE = {"source": "zhaoshang", "id": "2026-0173"}
EXAMPLES: dict[str, Any] = {
    "LightRulesEdit": {
        "name": "本市",
        "rules": {
            "start": {"yellow_months": 1, "red_months": 3},
            "pace": {"measure": "points_behind", "yellow_from": 5, "red_above": 15},
        },
        "reason": "市政府会议确定",
    },
    "ProjectNew": {**FACTS, "zone": "371500-ETDZ", "ledger": "reserve", "ref": REFERENCE},
    "ProjectEdit": {"total_investment_yuan": 350_000_000, "land_mu": 62.5, "reason": "二期设备一并计入"},
    "ProjectByReference": {**FACTS, "zone": "371500-ETDZ"},
    "BatchNew": {
        "atomic": False,
        "items": [{**FACTS, "ref": {"source": "zhaoshang", "id": "2026-0174"}, "zone": "371500-ETDZ"}],
    },
    "MoveNew": {"to": "in_construction", "on": "2026-11-02"},
    "DispositionNew": {"disposition": "suspended", "on": "2026-11-02", "reason": "资金未到位"},
    "OpeningEdit": {"month": "2026-05", "before_year_yuan": 97_660_000, "this_year_yuan": 66_040_000},
    "PlanEdit": {
        "annual_yuan": 80_000_000,
        "months": {"3": 20_000_000, "6": 30_000_000, "9": 30_000_000},
        "goal_text": "主体封顶",
        "document": "市重点项目办〔2026〕3号",
        "issued_on": "2026-02-10",
        "reason": "下达年度计划",
    },
    "TargetEdit": {
        "classes": [
            {"least_yuan": 1_000_000_000, "below_yuan": 2_000_000_000, "low": 3, "high": 5},
            {"least_yuan": 2_000_000_000, "low": 1, "high": 2},
        ],
        "fills": True,
        "document": "市双招双引办〔2026〕2号",
    },
    "ReportPut": {
        "cumulative_this_year_yuan": 70_000_000,
        "progress_text": "主体封顶，设备安装",
        "problems_government": "110 千伏外线未接通",
    },
    "ZoneNew": {
        "code": "371500-HTZ",
        "name": "某高新技术产业开发区",
        "short_name": "高新区",
        "level": "provincial",
        "kind": "high_tech",
    },
    "ZoneEdit": {"remaining_area_km2": 3.2},
    "CaseNew": {
        "step": "construction_permit",
        "applied_on": "2026-06-01",
        "accepted_on": "2026-06-02",
        "decided_on": "2026-06-05",
        "result": "granted",
        "settled_in": "zone",
        "settled_under": "delegated",
        "settled_by": "开发区行政审批局",
        "number": "3715002026060501",
    },
    "CaseEdit": {"accepted_on": "2026-06-02", "promised_on": "2026-06-05", "corrections_asked": 1},
    "CaseBatch": {
        "atomic": False,
        "items": [
            {
                "ref": {"source": "shenpi", "id": "BJ-2026-0173"},
                "national_code": "2606-371500-04-01-123456",
                "step": "environment",
                "applied_on": "2026-06-01",
            }
        ],
    },
    "IndicatorsEdit": {
        "year": 2025,
        "items": [{"key": "tax_per_mu", "value": 12.4, "unit": "万元/亩", "rank": 3, "of": 10}],
    },
    "LeadNew": {
        "zone": "371500-ETDZ",
        "name": "年产两万吨隔膜项目（演示）",
        "investor_name": "某新材料股份有限公司（演示）",
        "channel": "stationed",
        "intended_amount_yuan": 1_200_000_000,
        "industry": "新材料",
    },
    "LeadChange": {"likelihood": 60, "competitors": "滁州、常州"},
    "LeadMoveNew": {"to": "negotiating", "on": "2026-11-02", "facts": {"screening_result": "符合主导产业，同意跟进"}},
    "LeadDispositionNew": {"disposition": "lost", "lost_to": "滁州", "reason": "地价与用能指标"},
    "LeadTransferNew": {"to": "371500-HTZ", "credit_percent": 40, "reason": "产业更合适"},
    "LandingNew": {"ledger": "reserve", "facts": {"location": "东一路北侧"}},
    "FollowUpNew": {"kind": "visit", "told": "考察东区地块", "next_step": "报送用地方案", "next_step_on": "2026-12-01"},
    "StagesEdit": {"stages": {"negotiating": {"needs": [["content"], ["keeper"]]}}},
    "ClockEdit": {"update_days": 10},
}
