"""What a column may mean: the names of the register, how each is written, and the captions met in real forms.

Captions match whole, never in part: 项目名单 is a title, not 项目名, and 2024年计划投资-市财政 is not the annual plan.
Amounts that have a place in time (完成投资, 计划投资 …) are not listed here; ``targets`` reads them by their period.
"""

from __future__ import annotations

from typing import Final, Literal

ValueKind = Literal[
    "text", "name", "person", "unit_person", "money", "number", "count", "percent", "day", "month", "span",
    "choice", "flag", "zone", "ledger", "serial", "code", "derived",
]  # fmt: skip

FIELDS: Final[dict[str, ValueKind]] = {
    "serial": "serial", "key": "text", "version": "text", "code": "code", "name": "name", "national_code": "code",
    "statistical_code": "code", "statistical_name": "text", "zone": "zone", "ledger": "ledger",
    "disposition": "choice", "kind": "choice", "construction_nature": "choice", "industry": "text", "park": "text",
    "location": "text", "content": "text", "investor_name": "unit_person", "contract_amount_yuan": "money",
    "filed_investment_yuan": "money", "total_investment_yuan": "money", "statistical_investment_yuan": "money",
    "fixed_investment_yuan": "money", "foreign_investment_usd": "money", "land_mode": "choice", "land_mu": "number",
    "plant_area_m2": "number", "is_high_energy_emission": "flag", "energy_tce": "number",
    "expected_output_yuan": "money", "expected_tax_yuan": "money", "jobs": "count", "signed_on": "day",
    "planned_start_month": "month", "planned_completion_month": "month", "planned_production_month": "month",
    "started_on": "day", "completed_on": "day", "in_production_on": "day", "registered_in_statistics_on": "day",
    "construction_period": "span", "remarks": "text", "lists": "text", "sponsor_leader": "person",
    "responsible_unit": "unit_person", "responsible_person": "person", "phone": "code", "service_unit": "unit_person",
    "service_person": "person", "liaison": "person", "liaison_phone": "text", "owner_head": "person",
    "owner_contact": "person", "owner_phone": "text", "annual_plan_yuan": "money", "goal_text": "text",
    "invested_before_this_year_yuan": "money", "invested_this_year_yuan": "money", "invested_to_date_yuan": "money",
    "invested_yuan": "money", "funds_in_place_yuan": "money", "statistical_invested_yuan": "money",
    "foreign_utilised_usd": "money", "progress_text": "text", "problems_own": "text", "problems_government": "text",
    "next_steps": "text", "project_count": "derived", "derived": "derived",
}  # fmt: skip
"""Field → how its cells are written. Names are those of a project and of a month's report; ``construction_period``
is 建设起止年限, a start and an end in one cell; ``derived`` is a figure the register computes itself."""

_CAPTIONS: Final[dict[str, str]] = {
    "serial": "序号 编号 项目编号 项目序号 号 no. no",
    "key": "#key",
    "version": "#version",
    "code": "项目编码 系统编号",
    "name": ("项目名称 项目名 工程名称 名称 项目单位及名称 项目名称及建设单位 在谈项目名称 建设项目名称 项目"),
    "national_code": "项目代码 国家编码 国家代码 审批监管平台代码 项目统一代码 备案代码 投资项目代码",
    "statistical_code": "统计代码 统计编码 入统代码",
    "statistical_name": "纳统项目名称 入统项目名称 统计名称",
    "zone": (
        "开发区 所属开发区 开发区名称 所属园区 所在园区 县市区 县（市、区） 县区 区县 片区 板块 "
        "所属板块 所在区 园区名称 #zone"
    ),
    "ledger": "台账 所在台账 台账类别 项目阶段 建设阶段 所属台账 #ledger",
    "disposition": "项目状态 状态 处置",
    "kind": "项目类型 建设类型 招商类型",
    "construction_nature": "项目性质 建设性质 项目建设性质",
    "industry": (
        "行业 所属行业 产业 项目类别 产业类别 产业类型 项目分类 行业分类 行业类别 领域 所属产业 "
        "产业链 所属产业链 产业集群 主导产业"
    ),
    "park": "园区 入驻园区",
    "location": (
        "建设地点 项目地点 建设地址 所在地 项目位置 拟建地点 项目地址 所在市县 隶属区县 所在省辖市、县区 所在乡镇 属地"
    ),
    "content": (
        "建设内容 主要建设内容 建设内容及规模 建设规模和内容 建设规模及内容 建设规模及主要内容 "
        "建设内容和规模 主要建设内容及规模 项目建设内容 建设规模 项目简介 项目内容 在谈建设内容 "
        "项目建设内容及规模 主要内容"
    ),
    "investor_name": (
        "投资主体 投资方 投资单位 投资企业 项目业主 业主单位 业主 业主名称 业主单位名称 项目业主单位 "
        "业主单位或筹办单位 建设单位 实施单位 项目单位 项目法人 建设主体 法人单位 项目实施主体 "
        "项目（法人）单位 建设（业主）单位 企业名称 外来投资方 在谈投资方 外来投资方名称 "
        "业主（责任）单位"
    ),
    "contract_amount_yuan": "合同额 协议投资额 合同投资额 协议投资 合同金额 合同投资总额 协议总投资",
    "filed_investment_yuan": "备案总投资 核准总投资 备案投资额 备案（核准）总投资",
    "total_investment_yuan": (
        "总投资 项目总投资 总投资额 投资额 计划总投资 投资总额 概算总投资 计划投资总额 项目计划总投资 "
        "估算总投资 预估总投资 拟投资额 总投资规模 项目总投资额"
    ),
    "statistical_investment_yuan": "入库计划总投资 纳统计划总投资 纳统计划总投资额 入统计划总投资",
    "fixed_investment_yuan": "固定资产投资 其中固定资产投资 固定资产投资额 固投",
    "foreign_investment_usd": "外资总投资 计划利用外资 合同外资",
    "land_mode": "用地方式 用地类型",
    "land_mu": "用地 用地面积 占地面积 项目用地 需用土地 用地需求 新增用地 占地 用地情况 用地规模",
    "plant_area_m2": "厂房面积 存量厂房 租赁厂房面积 建筑面积",
    "is_high_energy_emission": "是否两高 两高项目 是否两高项目 是否“两高”",
    "energy_tce": "能耗 年综合能耗 综合能耗 能耗需求",
    "expected_output_yuan": "预期产值 预计产值 年产值 达产产值",
    "expected_tax_yuan": "预期税收 预计税收 年税收 达产税收",
    "jobs": "用工 用工人数 带动就业 新增就业 就业人数",
    "signed_on": "签约时间 签约日期 合同签订时间",
    "planned_start_month": (
        "计划开工 计划开工时间 拟开工时间 预计开工时间 计划开工年月 计划开工日期 拟开工 计划开工月份"
    ),
    "planned_completion_month": (
        "计划竣工 计划竣工时间 预计竣工时间 计划完工时间 拟竣工时间 计划竣工日期 计划建成时间 计划完工"
    ),
    "planned_production_month": "计划投产 计划投产时间 预计投产时间 拟投产时间",
    "started_on": "开工 开工时间 开工日期 实际开工 实际开工时间 开工年份 开工年度 开工年月",
    "completed_on": "竣工 竣工时间 竣工日期 实际竣工 实际竣工时间 完工时间 竣工年份 完工年份",
    "in_production_on": "投产 投产时间 投产日期 实际投产时间",
    "registered_in_statistics_on": "入统 入统时间 入库时间 纳统时间 入库 入统日期 入库（纳统）时间",
    "construction_period": (
        "建设起止年限 建设起止时间 建设年限 建设周期 起止年限 计划工期 起止时间 建设期限 建设起止年月 建设工期"
    ),
    "remarks": "备注 说明 备注说明 其他",
    "lists": "所属名单 名单 项目级别 重点项目级别",
    "sponsor_leader": (
        "包挂领导 包联领导 挂钩领导 挂点领导 包保领导 包抓领导 包靠领导 责任领导 分管领导 市挂钩领导 "
        "市或县挂钩领导 镇挂钩领导 县挂钩领导 市领导 县领导 区领导 市级领导 县级领导 牵头领导 "
        "联系领导 帮包领导"
    ),
    "responsible_unit": (
        "责任单位 牵头单位 项目主管单位 监管单位 主管部门 主责单位 行业主管部门 责任部门 包挂单位 "
        "挂钩责任单位 市或县挂钩责任单位"
    ),
    "responsible_person": "责任人 具体责任人 项目责任人 直接责任人 专职责任人 包挂责任人",
    "phone": "电话 联系电话 联系方式 责任人电话 手机 手机号码 电话号码 电话及传真",
    "service_unit": "服务单位 代办单位 帮办单位",
    "service_person": "服务专员 代办员 首席服务员 服务队长 帮办员",
    "liaison": "联络人 联络员 报送联络人",
    "owner_head": "企业负责人 业主负责人 项目负责人",
    "owner_contact": "企业联系人 业主联系人 联系人 项目联系人",
    "goal_text": (
        "年度工作目标 年度目标 年度建设目标 年工作计划 计划形象进度 年计划形象进度 年度形象进度 "
        "年度工作计划 年度建设内容 主要建设目标 年度建设计划"
    ),
    "progress_text": (
        "形象进度 实际形象进度 项目形象进度 项目建设形象进度 目前项目建设形象进度 目前形象进度 "
        "主要形象进度 的主要形象进度 工程形象进度 本月进展 进展情况 项目进展 最近进展 推进情况 "
        "项目进展情况 本月形象进度 目前进展 项目推进情况 工作进展 进度、备注"
    ),
    "problems_own": (
        "存在问题 项目建设中存在问题 存在的问题 存在问题及拟采取措施 存在问题及措施 问题和建议 "
        "项目推进中存在的问题及拟采取的措施和办法 卡点 主要问题 存在困难和问题 存在困难问题 "
        "存在的困难和问题 推进中存在问题"
    ),
    "problems_government": (
        "需政府协调 需协调 需政府及部门协调解决的问题 需要政府及有关部门协调解决的问题 需协调解决问题 "
        "需协调解决的问题 需协调事项 需政府协调解决的问题 需市里协调解决的问题 需政府协调事项 "
        "需要协调解决的问题"
    ),
    "next_steps": (
        "下一步工作 下步计划 下一步计划 下月工作计划 下个月工作计划、安排 下一步工作计划 下步工作打算 "
        "下步工作计划 下一步工作打算"
    ),
    "project_count": "项目个数 项目数 个数 项目数量 项目总数",
    "derived": "#待处理/torepair 灯 亮灯 红黄绿灯 预警 类别 来源 已推迟 在账月数 排名 综合排名",
}


def caption(text: str) -> str:
    """The form in which captions are compared: no brackets, no punctuation at the ends, small letters."""
    return text.translate(_STRIPPED).lower().strip(":：*、，,.。;；-—")


_STRIPPED = str.maketrans("", "", "()（）[]【】《》“”\"' \t\n\r\u3000")

BY_CAPTION: Final[dict[str, str]] = {
    caption(alias): field for field, aliases in _CAPTIONS.items() for alias in aliases.split()
}

UNDER: Final[dict[str, dict[str, str]]] = {
    "owner": {
        "业主名称": "investor_name", "单位名称": "investor_name", "名称": "investor_name", "企业名称": "investor_name",
        "单位": "investor_name", "负责人": "owner_head", "法人": "owner_head", "联系人": "owner_contact",
        "联络人": "owner_contact", "电话": "owner_phone", "联系电话": "owner_phone", "联系方式": "owner_phone",
    },
    "responsible": {
        "单位名称": "responsible_unit", "名称": "responsible_unit", "责任单位": "responsible_unit",
        "单位": "responsible_unit", "责任人": "responsible_person", "负责人": "responsible_person",
        "姓名": "responsible_person", "联络人": "liaison", "联系人": "liaison", "电话": "phone", "联系电话": "phone",
        "联系方式": "phone", "手机": "phone",
    },
    "sponsor": {
        "市领导": "sponsor_leader", "县领导": "sponsor_leader", "区领导": "sponsor_leader", "领导": "sponsor_leader",
        "姓名": "sponsor_leader", "市级": "sponsor_leader", "县级": "sponsor_leader", "区级": "sponsor_leader",
        "领导姓名": "sponsor_leader", "职务": "", "电话": "",
    },
    "service": {
        "单位": "service_unit", "名称": "service_unit", "单位名称": "service_unit", "人员": "service_person",
        "姓名": "service_person", "负责人": "service_person", "联系人": "service_person", "电话": "",
    },
    "procedures": {"用地": "", "环评": "", "备案核准": "", "规划许可": "", "施工许可": "", "立项": ""},
}  # fmt: skip
"""What the same short caption (名称, 负责人, 电话) means below a heading of people or units."""

HEADING_ROLES: Final[tuple[tuple[str, str], ...]] = (
    ("手续", "procedures"), ("领导", "sponsor"), ("责任单位", "responsible"), ("责任人", "responsible"),
    ("牵头单位", "responsible"), ("服务", "service"), ("代办", "service"), ("业主", "owner"), ("建设单位", "owner"),
    ("投资主体", "owner"), ("投资方", "owner"), ("项目单位", "owner"), ("项目法人", "owner"),
)  # fmt: skip

PLAN_STEMS: Final = frozenset({
    "计划投资", "计划投资额", "计划完成投资", "计划完成投资额", "投资计划", "预计投资", "计划", "投资",
    "计划投资金额", "计划完成", "投资额", "投资任务", "投资计划额", "目标任务",
})  # fmt: skip
DONE_STEMS: Final = frozenset({
    "完成投资", "完成投资额", "实际完成投资", "实际完成投资额", "完成", "实际完成", "投资完成额", "投资完成",
    "累计完成投资", "累计完成投资额", "累计完成", "累计", "累计投资", "累计投资额", "已完成投资", "已完成投资额",
    "完成投资情况", "投资完成情况", "完成额", "完成情况", "实际完成情况", "实际投资", "投资", "投资额",
    "累计实际完成投资", "累计已完成投资",
})  # fmt: skip
FUNDS_STEMS: Final = frozenset({
    "到位资金", "资金到位", "实际到位资金", "累计到位资金", "实际到资额", "到资", "资金到位额", "到位资金额",
    "投资方实际到资额", "累计实际到资总额", "累计到资",
})  # fmt: skip
STATISTICS_STEMS: Final = frozenset({
    "入统完成投资", "入库完成投资", "统计完成投资", "入统投资", "纳统完成投资", "入统完成投资额",
})  # fmt: skip
FOREIGN_STEMS: Final = frozenset({
    "实际使用外资", "实际利用外资", "到账外资", "实际到账外资",
})  # fmt: skip
PROGRESS_STEMS: Final = frozenset({
    "形象进度", "实际形象进度", "主要形象进度", "的主要形象进度", "进展", "进展情况", "完成形象进度",
})  # fmt: skip
ANNUAL_CAPTIONS: Final = frozenset({
    "年计划投资", "年计划投资额", "年计划", "年度计划", "年度计划投资", "年度计划投资额", "年度投资",
    "年度投资计划", "本年度计划投资", "今年计划投资", "本年计划投资", "年投资计划", "年度计划完成投资",
})  # fmt: skip
