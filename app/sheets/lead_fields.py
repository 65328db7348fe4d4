"""What a column of an investment promotion sheet may mean: captions met in real forms, and the words in their cells.

Captions match whole, as in ``fields``; what a form of one stage calls 总投资额 is the intended amount before the contract
and the contract's amount after it.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from app.sheets.fields import BY_CAPTION as OF_PROJECTS
from app.sheets.fields import caption

_CAPTIONS: Final[dict[str, str]] = {
    "serial": "序号 编号 号",
    "code": "线索编号 系统编号",
    "version": "#version 版本",
    "zone": "开发区 所属开发区 承接地 承接开发区",
    "name": "项目名称 在谈项目名称 线索名称 项目 招商项目名称 拟签约项目名称 签约项目名称 意向项目名称",
    "name_content": "项目名称-建设内容 项目名称及建设内容 项目名称、建设内容",
    "code_name": "代号 项目代号",
    "confidential": "保密 是否保密",
    "stage": "阶段 项目阶段 招商阶段 当前阶段",
    "progress": "进展状态 项目进展状态 洽谈状态",
    "told": "进度、备注 进展情况 项目进展 最近进展 目前进展 洽谈进展 推进情况 工作进展 跟踪情况",
    "investor_name": "投资方 在谈投资方 外来投资方 外来投资方名称 投资主体 投资企业 投资单位 投资商 意向投资方",
    "local_investor": "本地投资方",
    "investor_profile": "投资方简介 投资方介绍 企业简介 投资主体简介",
    "province": "省内资金",
    "other_province": "省外资金",
    "foreign": "外资",
    "capital_from": "资金来源 资金来源地 内外资",
    "origin": "来源地 投资方所在地 企业所在地",
    "channel": "招商渠道 渠道 招商方式 线索来源 信息来源 来源",
    "referrer": "引荐方 引荐单位 引荐人 项目引荐单位 引荐单位或引荐人 介绍人",
    "first_contact_unit": "首谈单位 首报单位 首谈（首报）单位",
    "first_contact_on": "首谈时间 首报时间 首次接洽时间 首谈日期",
    "registered_on": "登记日期 登记时间 报送时间 上报时间",
    "industry": "行业 行业类别 所属行业 产业类型 产业类别 产业",
    "industry_chain": "产业链 所属产业链 产业集群",
    "content": "建设内容 在谈建设内容 项目内容 项目建设内容 建设内容及规模 主要建设内容 项目概况 拟投资概况 项目简介 经营范围",
    "technology": "工艺 技术工艺 生产工艺",
    "location": "拟建地点 建设地点 拟选址 选址 片区 拟落户园区",
    "competitors": "竞争地区 竞争城市 同步考察地区",
    "likelihood": "成功可能性 落地概率 签约概率",
    "grade": "等级 项目等级 线索等级",
    "intended_amount_yuan": "拟投资额 意向投资额 预计投资 拟总投资 计划总投资 总投资 总投资额 投资总额 计划投资总额 项目总投资 预计总投资",
    "intended_amount_usd": "拟利用外资 意向外资 拟投资额（美元）",
    "first_phase_yuan": "一期投资额 一期投资 其中一期投资额",
    "fixed_investment_yuan": "固定资产投资 固定资产投资额 固投",
    "contract_amount_yuan": "合同额 合同投资额 合同投资总额 协议投资额 签约金额 协议投资 合同金额 签约投资额",
    "contract_amount_usd": "合同外资 合同外资额 协议投资额（美元）",
    "expected_output_yuan": "预计产值 预期产值 年产值 达产产值",
    "expected_tax_yuan": "预计税收 预期税收 年税收 达产税收",
    "jobs": "用工 用工人数 新增就业 带动就业",
    "land_mu": "用地 用地面积 用地情况 需用土地 项目用地 用地需求 占地面积 拟用地",
    "plant_area_m2": "厂房面积 厂房需求 租赁厂房面积",
    "energy_tce": "用能 用能需求 能耗需求 年综合能耗",
    "environment_needs": "环境容量 环境容量需求 环境需求",
    "screening_result": "研判结果 研判意见 研判结论",
    "responsible_leader": "责任领导 分管领导 挂钩领导 包联领导 区领导 牵头领导",
    "keeper": "跟踪人 跟进人 招商人员 项目跟踪人 对接人 负责人 招商专员",
    "keeper_unit": "跟踪单位 跟进单位 责任单位 对接单位 单位 招商单位",
    "contact_name": "联系人 企业联系人 投资方联系人",
    "contact_title": "联系人职务 职务",
    "contact_phone": "联系人电话 联系方式 联系电话 电话",
    "agreement": "协议类型 合同类型",
    "framework_on": "框架协议时间 框架协议签订日期 意向签约时间",
    "signed_on": "签约时间 签约日期 合同签订时间 正式签约时间",
    "planned_start_month": "计划开工 计划开工时间 拟开工时间 预计开工时间",
    "company_name": "注册名称 在黄注册名称 公司名称 项目公司 项目公司名称 注册公司名称",
    "company_credit_code": "工商注册号 统一社会信用代码 信用代码",
    "company_registered_on": "注册时间 注册日期 公司注册时间 工商注册时间",
    "registered_capital_yuan": "注册资本 注册资本金",
    "land_secured_on": "用地落实时间 供地时间 摘牌时间 厂房落实时间",
    "first_money_on": "首笔资金到位时间 首期到资时间",
    "funds_arrived_yuan": "实际到资额 投资方实际到资额 累计实际到资总额 实际到位资金 到位资金 累计到资",
    "remarks": "备注 说明 签约备注 注册备注 开工备注 投产备注",
    "next_step": "下一步 下一步工作 下步计划 下一步计划 下步工作",
    "next_step_on": "下一步日期 下一步时间 完成时限",
    "by_whom": "姓名 出访人 出访人员",
    "visited": "拜访企业 走访企业 拜访单位",
    "with_whom": "接洽人姓名 接洽人 对方人员",
    "place": "到达目的地 目的地 出访地",
    "happened_on": "开始时间 出访时间 拜访时间 出发时间",
    "": "附件 高拍仪扫描件 灯 协助 部门 法人代表 法定代表人 本地股东 市外股东 出资额 审核结果 结束时间 出访天数 招商领导类型 接洽人职务 "
        "处置 状态 开工时间 投产时间 已形成产能 月度销售收入 本地投资额 市外投资额",
}  # fmt: skip

BY_CAPTION: Final[dict[str, str]] = {
    caption(alias): field for field, aliases in _CAPTIONS.items() for alias in aliases.split()
}
FROM_PROJECTS: Final = {
    "total_investment_yuan": "intended_amount_yuan", "investor_name": "investor_name", "content": "content", "industry": "industry",
    "location": "location", "owner_contact": "contact_name", "progress_text": "told", "sponsor_leader": "responsible_leader",
    "responsible_unit": "keeper_unit", "responsible_person": "keeper", "fixed_investment_yuan": "fixed_investment_yuan",
    "contract_amount_yuan": "contract_amount_yuan", "land_mu": "land_mu", "jobs": "jobs", "remarks": "remarks",
}  # fmt: skip
"""What a caption that only the ledgers' forms have means before there is a project."""

KINDS: Final[dict[str, str]] = {
    **dict.fromkeys(("intended_amount_yuan", "first_phase_yuan", "fixed_investment_yuan", "contract_amount_yuan", "expected_output_yuan", "expected_tax_yuan", "registered_capital_yuan", "funds_arrived_yuan", "province", "other_province", "foreign"), "money"),
    **dict.fromkeys(("intended_amount_usd", "contract_amount_usd"), "dollars"),
    **dict.fromkeys(("land_mu", "plant_area_m2", "energy_tce"), "number"),
    **dict.fromkeys(("jobs", "likelihood"), "count"),
    **dict.fromkeys(("first_contact_on", "registered_on", "framework_on", "signed_on", "company_registered_on", "land_secured_on", "first_money_on", "next_step_on", "happened_on"), "day"),
    "planned_start_month": "month",
    **dict.fromkeys(("stage", "progress", "capital_from", "channel", "grade", "agreement", "confidential"), "choice"),
}  # fmt: skip
"""Field → how its cells are written; what is not named is text."""

WORDS: Final[dict[str, dict[str, str]]] = {
    "stage": {
        "线索": "lead", "研判": "screening", "在谈": "negotiating", "洽谈": "negotiating", "签约": "signed", "已签约": "signed",
        "落地": "landed", "注册": "landed",
    },
    "progress": {
        "跟踪洽谈中": "negotiating", "已来考察": "negotiating", "已经来黄考察": "negotiating", "意向明确": "negotiating",
        "投资意向明确": "negotiating", "已签协议": "framework", "已签投资协议": "framework", "已签合同": "definitive",
        "已签正式合同": "definitive", "正在注册审批": "definitive",
    },
    "capital_from": {
        "市内": "local", "本地": "local", "省内": "province", "省内市外": "province", "省外": "other_province",
        "内资": "other_province", "外资": "foreign", "境外": "foreign",
    },
    "channel": {
        "委托": "entrusted", "委托招商": "entrusted", "代理": "agency", "代理招商": "agency", "驻外": "stationed",
        "驻点": "stationed", "驻外招商": "stationed", "驻点招商": "stationed", "以商招商": "by_enterprise",
        "产业链招商": "industry_chain", "基金招商": "fund", "资本招商": "fund", "展会": "fair", "展会招商": "fair",
        "展会活动": "fair", "活动招商": "fair", "自主招商": "direct", "上门招商": "direct", "引荐": "referral",
        "存量企业增资": "existing_firm", "增资扩产": "existing_firm", "其他": "other",
    },
    "grade": {"a": "a", "b": "b", "c": "c", "a类": "a", "b类": "b", "c类": "c"},
    "agreement": {
        "框架协议": "framework", "意向协议": "framework", "投资协议": "framework", "正式合同": "definitive", "合同": "definitive",
        "正式协议": "definitive",
    },
    "confidential": {"是": "yes", "保密": "yes", "√": "yes", "否": "no", "×": "no"},
}  # fmt: skip
STAGES_IN_TITLES: Final = (
    ("signed", re.compile(r"签约|合同")),
    ("negotiating", re.compile(r"在谈|洽谈|跟踪")),
    ("lead", re.compile(r"线索|信息采集")),
)
"""The stage that a title names."""


class Meaning(NamedTuple):
    """What a caption means: a field of a lead ('' where it is understood and not kept), None where nobody knows."""

    field: str | None
    taken: bool = False
    """It is what the forms of the ledgers call it, read as a lead's."""


def meaning(leaf: str, parents: tuple[str, ...] = ()) -> Meaning:
    """What the caption of a column means, alone or joined with the one above it."""
    for text in (leaf, *(parent + leaf for parent in reversed(parents))):
        bare = re.sub(r"[(（\[【].*?[)）\]】]", "", text)
        for form in (text, bare):
            if (found := BY_CAPTION.get(caption(form))) is not None:
                return Meaning(found)
    ledgers = OF_PROJECTS.get(caption(leaf))
    return Meaning(FROM_PROJECTS[ledgers], True) if ledgers in FROM_PROJECTS else Meaning(None)


def word(field: str, text: str) -> str | None:
    """The code of a word, or None."""
    bare = re.sub(r"\s|[（(].*[)）]$", "", text).lower()
    return WORDS[field].get(bare)


def stage_in(*texts: str) -> str | None:
    """The stage that a title or the name of a sheet speaks of."""
    for text in texts:
        for stage, pattern in STAGES_IN_TITLES:
            if pattern.search(text):
                return stage
    return None
