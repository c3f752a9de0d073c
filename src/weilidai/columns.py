"""The columns contract: every column a generated or scored table may have, with its unit, range and meaning.

One row is one person at one snapshot month. Names carry units; booleans start with ``is_``, ``has_`` or
``uses_``; shares and probabilities run from 0 to 1. A withheld permission makes the columns it governs
missing (NaN): the lender cannot see them, so nobody may.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["number", "count", "flag", "category", "text"]
Group = Literal[
    "identity", "context", "account", "payments", "wealth", "credit", "permissions", "safety",
    "decision", "after_opening",
]

USER_TYPES: Final = (
    "student", "freelancer", "office_worker", "self_employed", "wecom_user", "high_net_worth", "retired",
)
CITY_TIERS: Final = ("tier1", "tier2", "tier3_4", "county_rural")
REGIONS: Final = ("yangtze_delta", "pearl_delta", "northeast", "other")
GRADES: Final = ("AAA", "AA", "A")
QUOTA_TIERS: Final = ("new", "active", "prime")
ENTRY_EVENTS: Final = ("failed_payment", "monthly_batch", "licaitong_purchase")
CHECKED_ELEMENTS: Final = ("face", "phone", "identity_card")
FAILURE_CAUSES: Final = ("poor_light", "operator_delay", "missing_edges", "other")
"""Documented cause of a failure of each checked element, in their order; then all others."""
INTERCEPTION_KINDS: Final = ("device", "location", "operation", "identity", "behaviour")
SECURITY_ACTIONS: Final = ("temporary_freeze", "entry_closed", "blacklist")
ENTRY_CHANNELS: Final = ("wallet_entry", "targeted_push")
LIMIT_DISPLAYS: Final = ("fixed_number", "moving_range")
REMINDER_CHANNELS: Final = ("wechat_and_sms", "app_push_and_email")
ALTERNATIVES: Final = (
    "huabei", "jd_baitiao", "we2000", "xiaoe_huaqian", "jiebei", "jd_jintiao", "douyin_fangxinjie",
    "bank_credit_loan", "state_bank_digital_loan", "other_online_lenders", "zhouzhuan", "bank_vip_service",
    "bank_savings",
)
"""What people choose in place of Weilidai; products of the product table are called as there."""
UNKNOWN_LEVEL: Final = "unknown"
"""What an unseen category is counted as when a table is scored."""

LEVELS: Final[Mapping[str, tuple[str, ...]]] = {
    "user_type": USER_TYPES, "city_tier": CITY_TIERS, "region": REGIONS, "credit_grade": GRADES,
    "entry_event": ENTRY_EVENTS, "verification_failed_element": CHECKED_ELEMENTS,
    "verification_failure_cause": FAILURE_CAUSES, "interception_kind": INTERCEPTION_KINDS,
    "security_action": SECURITY_ACTIONS, "quota_tier": QUOTA_TIERS, "entry_channel": ENTRY_CHANNELS,
    "limit_display": LIMIT_DISPLAYS, "reminder_channel": REMINDER_CHANNELS, "chosen_alternative": ALTERNATIVES,
}
"""Category column -> its levels, in the order in which they are encoded."""


@dataclass(frozen=True)
class Column:
    """One column of the contract.

    ``low`` and ``high`` are the possible range, both included; ``permission`` names the flag that governs
    the column; ``may_be_missing`` says that a missing value means something (no record, no permission).
    """

    name: str
    kind: Kind
    group: Group
    label_en: str
    label_zh: str
    low: float | None = None
    high: float | None = None
    may_be_missing: bool = False
    permission: str | None = None

    @property
    def is_feature(self) -> bool:
        """Whether a model may read it: what the lender knew before it decided."""
        return self.group not in ("identity", "decision", "after_opening")


_ROWS: Final[dict[Group, str]] = {
    "identity": """
        person_id | count | person number | 人员编号 | 0 |
        snapshot_month | text | snapshot month, YYYY-MM | 快照月份 | |
        regime | text | regime | 时期 | |
    """,
    "context": """
        age_years | count | age | 年龄 | 14 | 90
        user_type | category | kind of user | 用户类型 | |
        city_tier | category | city tier | 城市等级 | |
        region | category | region | 所在区域 | |
        is_covered_area | flag | the service has been rolled out where the person lives | 所在地区已开放 | |
    """,
    "account": """
        account_age_months | count | months since registration | 微信注册月数 | 0 | 180
        real_name_months | count | months since real-name verification | 实名认证月数 | 0 | 180
        debit_card_count | count | debit cards bound | 绑定储蓄卡数 | 0 | 20
        credit_card_count | count | credit cards bound | 绑定信用卡数 | 0 | 20
        friend_count | count | WeChat contacts | 好友数 | 0 | 10000
        managed_group_count | count | group chats administered | 管理群数 | 0 | 200 | has_contacts_permission
        daily_open_count | number | opens of WeChat a day | 日均打开次数 | 0 | 200
        nonsocial_function_count | count | non-social functions in use | 使用的非社交功能数 | 0 | 20
        profile_update_count_12m | count | profile updates in 12 months | 近一年资料更新次数 | 0 | 200
        moments_post_count_12m | count | Moments posts in 12 months | 近一年朋友圈发布数 | 0 | 5000
        contact_change_share_12m | number | contacts changed in 12 months | 近一年联系人变化率 | 0 | 1 | has_contacts_permission
        complaint_count_12m | count | complaints received in 12 months | 近一年被投诉次数 | 0 | 100
        charity_months_12m | count | months with a charity donation in 12 | 近一年公益捐赠月数 | 0 | 12
    """,
    "payments": """
        daily_payment_count | number | WeChat payments a day | 日均支付笔数 | 0 | 100
        monthly_spend_cny | number | spending a month | 月均消费 | 0 | 1000000
        annual_flow_cny | number | WeChat Pay flow a year | 微信支付年流水 | 0 | 20000000
        wallet_balance_cny | number | usual wallet balance | 钱包余额 | 0 | 1000000
        red_packet_share | number | red packets among payments | 红包占比 | 0 | 1 | has_transactions_permission
        offline_payment_share | number | offline payments among payments | 线下支付占比 | 0 | 1 | has_transactions_permission
        merchant_category_count | count | kinds of merchants paid in a month | 消费商户类型数 | 0 | 40 | has_transactions_permission
        utility_on_time_share | number | utility bills paid on time | 水电煤按时缴费率 | 0 | 1 | has_transactions_permission
        refund_share | number | payments refunded | 退款率 | 0 | 1 | has_transactions_permission
        large_payment_count_12m | count | large payments in 12 months | 近一年大额消费次数 | 0 | 1000 | has_transactions_permission
        night_transfer_count_30d | count | large transfers at night in 30 days | 近30天夜间大额转账次数 | 0 | 300 | has_transactions_permission
    """,
    "wealth": """
        licaitong_balance_cny | number | Licaitong holding | 理财通持仓金额 | 0 | 100000000
        licaitong_months | count | months with a Licaitong holding | 理财通持有月数 | 0 | 120
        lingqiantong_earnings_cny | number | Lingqiantong earnings so far | 零钱通累计收益 | 0 | 10000000
        insurance_premium_cny | number | insurance premium a year | 年缴保费 | 0 | 10000000
        monthly_card_flow_cny | number | flow through bound cards a month | 绑定银行卡月均流水 | 0 | 10000000
        has_salary_card | flag | a salary card with regular transfers is bound | 已绑定工资卡 | |
    """,
    "credit": """
        has_bureau_record | flag | the central-bank bureau knows the person | 有央行征信记录 | |
        overdue_count_24m | count | overdue events in 24 months | 近两年逾期次数 | 0 | 60 | missing
        open_loan_count | count | loans not yet settled | 未结清贷款笔数 | 0 | 40 | missing
        bureau_inquiry_count_3m | count | hard inquiries in 3 months | 近3个月征信查询次数 | 0 | 60 | missing
        bureau_inquiry_count_6m | count | hard inquiries in 6 months | 近半年征信查询次数 | 0 | 100 | missing
        other_credit_line_cny | number | credit lines elsewhere | 其他平台授信总额 | 0 | 100000000 | missing
        annual_income_cny | number | income a year | 年收入 | 0 | 100000000
        debt_to_income_share | number | debt service to income | 负债收入比 | 0 | 3 | missing
        other_repayment_on_time_share | number | repayments elsewhere on time | 其他平台履约率 | 0 | 1 | missing
        card_on_time_share | number | credit-card repayments on time | 信用卡按时还款率 | 0 | 1 | missing
        housing_fund_months | count | months of housing-fund payments | 公积金连续缴存月数 | 0 | 480
        pay_score | count | WeChat pay score | 微信支付分 | 300 | 850 | has_pay_score_enabled
        tencent_credit_score | count | Tencent credit score | 腾讯信用分 | 300 | 850
    """,
    "permissions": """
        has_contacts_permission | flag | contacts may be read | 已授权通讯录 | |
        has_location_permission | flag | location may be read | 已授权位置 | |
        has_transactions_permission | flag | bill details may be read | 已授权账单详情 | |
        has_pay_score_enabled | flag | the pay score is switched on | 已开启微信支付分 | |
    """,
    "safety": """
        device_count_7d | count | devices used in 7 days | 7天内登录设备数 | 1 | 30
        location_jump_km_7d | number | longest jump between logins in 7 days | 7天内最大位置跳跃公里数 | 0 | 6000 | has_location_permission
        verification_failure_count | count | failed verifications in a row | 连续验证失败次数 | 0 | 30
        ip_change_count_30d | count | changes of IP address in 30 days | 近30天IP变更次数 | 0 | 300
        uses_vpn | flag | logs in through a VPN or proxy | 使用VPN或代理 | |
        identity_change_count_12m | count | changes of identity or card data in 12 months | 近一年身份或银行卡信息修改次数 | 0 | 30
        has_remote_login | flag | a login from another place was seen | 存在异地登录 | |
        has_aml_alert | flag | an anti-money-laundering alert was raised | 触发过反洗钱预警 | |
        has_grey_activity | flag | takes part in bargaining groups or score faking | 参与灰色行为 | |
        is_restricted | flag | the account is restricted for risk | 账户因风险受限 | |
    """,
    "decision": """
        is_eligible | flag | passes the hard rules and the pre-qualification | 符合准入条件 | |
        is_invited | flag | is on the invitation list | 在白名单内 | |
        entry_trigger_count_1m | count | times the entry was shown in a month | 月触发次数 | 0 | 60
        has_tried | flag | tried to open: applied, or too late to | 已尝试开通 | |
        has_applied | flag | applied | 已申请 | |
        is_verified | flag | passed identity verification | 通过身份验证 | |
        is_intercepted | flag | stopped by risk control while opening | 被风控拦截 | |
        is_approved | flag | approved | 通过审批 | |
        is_opened | flag | opened: applied, not intercepted, approved | 已开通 | |
        has_closed_entry | flag | closed the entry | 主动关闭入口 | |
        initial_quota_cny | number | first grant | 初始额度 | 500 | 300000 | missing
        current_quota_cny | number | quota now | 当前额度 | 0 | 300000 | missing
        credit_grade | category | credit grade | 信用等级 | | | missing
        daily_rate | number | interest a day | 日利率 | 0.0001 | 0.001 | missing
        is_zombie | flag | dormant: profile untouched and no Moments in 12 months | 沉睡账号 | |
        is_low_activity | flag | fewer payments a month than an active account | 低活跃账号 | |
        passes_bureau_track | flag | passes the bureau track | 通过征信评估 | |
        passes_tencent_track | flag | passes the Tencent track | 通过腾讯评估 | |
        assessment_score | number | four-part assessment, 0.5 is average | 四项综合评估分 | 0 | 1
        application_risk_score | number | application risk model, higher is safer | 申请风控模型分 | 0 | 1
        security_action | category | rung of the anti-fraud ladder the account stands on | 账户安全处置 | | | missing
        entry_event | category | event that brought the entry up | 入口触发事件 | | | missing
        entry_day_of_month | count | day of the month on which the entry came up | 入口出现日 | 1 | 31 | missing
        entry_months_ago | count | months since the entry last came up, or came up before the opening, 0 for this one | 入口上次出现（已开通者为开通时）距今月数 | 0 | 480 | missing
        entry_shown_hours | number | hours the entry stays | 入口停留小时数 | 0 | 720 | missing
        hours_to_act | number | hours from the entry to the application | 入口出现到申请的小时数 | 0 | 720 | missing
        is_requeued | flag | acted too late: queued again, no application taken | 逾时重新排队 | |
        is_entry_available | flag | the entry can be used now | 入口当前可用 | |
        journey_step_count | count | steps of the opening gone, of five, or six after the redesign | 已完成的开通步骤数 | 0 | 6
        face_check_seconds | number | time of the face check | 人脸核验秒数 | 0 | 3600 | missing
        phone_check_seconds | number | time of the phone check | 手机核验秒数 | 0 | 3600 | missing
        identity_card_seconds | number | time of the upload of the identity card | 身份证上传秒数 | 0 | 3600 | missing
        e_signature_seconds | number | time of the electronic signature | 电子签署秒数 | 0 | 3600 | missing
        verification_seconds | number | time of one identity check, all four elements | 四要素核验秒数 | 0 | 14400 | missing
        verification_attempt_count | count | attempts at the identity check | 核验次数 | 1 | 30 | missing
        verification_failed_element | category | element that failed last | 最近未通过的核验要素 | | | missing
        verification_failure_cause | category | cause of the last failure | 最近核验失败原因 | | | missing
        verification_wait_hours | number | hours to wait after failed checks | 核验失败后等待小时数 | 0 | 720 | missing
        has_cooled_down | flag | had to cool down after failures in a row | 连续失败后冷却 | |
        interception_kind | category | kind of interception | 拦截类型 | | | missing
        cool_down_hours | number | cool-down after the interception | 拦截后冷却小时数 | 0 | 8760 | missing
        retry_after_hours | number | hours until the intercepted may try again, 0 once an appeal is upheld | 可再次申请前等待小时数 | 0 | 8760 | missing
        has_appealed | flag | appealed against the interception with further papers | 已补充材料申诉 | |
        is_appeal_upheld | flag | the appeal was upheld | 申诉成功 | |
        quota_approval_seconds | number | time of the quota approval | 额度审批秒数 | 0 | 3600 | missing
        payout_seconds | number | time to the money | 放款秒数 | 0 | 86400 | missing
        journey_seconds | number | checks, approval and payout together, waits apart | 开通全程秒数 | 0 | 604800 | missing
        prequalification_score | number | pre-qualification score | 资格预审分 | 0 | 1
        inquiry_wait_months | number | months to wait before the next look, after too many inquiries | 查询过多后再评估前等待月数 | 0 | 120
        tencent_profile_score | number | pay score, wealth value and connections together | 支付分、财富值与人脉指数合成分 | 0 | 1
        entry_channel | category | way in which the entry reached the person | 入口触达渠道 | | | missing
        has_passed_first_checks | flag | passed the identity check that every journey has | 通过基本身份核验 | |
        chosen_alternative | category | what was chosen in place of Weilidai | 选择的替代产品 | | | missing
    """,
    "after_opening": """
        opened_months_ago | count | months since the account was opened | 开户距今月数 | 0 | 120 | missing
        utilisation_share | number | quota in use | 额度使用率 | 0 | 1 | missing
        on_time_count | count | repayments on time | 按时还款次数 | 0 | 120 | missing
        is_overdue | flag | overdue | 已逾期 | | | missing
        quota_change_6m_share | number | change of quota over 6 months | 6个月额度变化 | -1 | 20 | missing
        quota_tier | category | tier of the quota | 额度分层 | | | missing
        review_interval_days | number | days between two looks at the quota, 0 when watched all the time | 额度复核间隔天数 | 0 | 90 | missing
        tier_daily_rate | number | interest a day once held to the tier's band | 分层区间内日利率 | 0.0001 | 0.001 | missing
        base_spread_bp | number | basis points above the base rate | 基准利率上浮基点 | 0 | 200 | missing
        star_rating | count | Tencent star rating | 腾讯星级 | 1 | 7 | missing
        has_rate_review | flag | a review for a lower rate is open | 可申请降息复核 | |
        next_daily_rate | number | interest a day after the next review | 复核后日利率 | 0.0001 | 0.001 | missing
        bill_payment_count_1m | count | bills paid with the quota in a month | 月用额度缴费笔数 | 0 | 60 | missing
        uses_instalments | flag | repays by instalments | 使用分期还款 | |
        has_reborrowed | flag | borrowed again within half a year | 半年内再次借款 | |
        has_quota_increase | flag | the quota grows within 6 months | 6个月内提额 | |
        is_quota_closed | flag | the lender closes the quota within 6 months | 6个月内额度被关闭 | |
        insurance_gain_cny | number | part of the increase that insurance earned | 保险带来的提额 | 0 | 300000 | missing
        quota_after_6m_cny | number | quota in 6 months | 6个月后额度 | 0 | 300000 | missing
        largest_transfer_cny | number | largest single transfer of the year | 年内最大单笔转账 | 0 | 20000000 | missing
        has_transfer_alert | flag | a single transfer raised an alert | 触发大额转账预警 | |
        has_second_check | flag | a remote login asked for a second biometric check | 异地登录二次核验 | |
        has_limit_freeze | flag | increases stopped: credit elsewhere too high for the income | 授信过高限制提额 | |
        has_forbidden_use | flag | the money was seen to go where it must not | 资金用途违规 | |
        limit_display | category | how the quota is shown | 额度展示方式 | | | missing
        finds_quota_opaque | flag | finds the quota opaque | 认为额度不透明 | |
        reminder_channel | category | way of the repayment reminders | 还款提醒渠道 | | | missing
        is_reminded | flag | reached by the repayment reminders | 还款提醒已触达 | |
        dislikes_reminders | flag | dislikes the way of the reminders | 不满还款提醒方式 | |
        has_left | flag | left over the redesign | 因改版流失 | |
    """,
}


def _read(group: Group, line: str) -> Column:
    name, kind, label_en, label_zh, low, high, *extra = (cell.strip() for cell in line.split("|"))
    permission = extra[0] if extra and extra[0] != "missing" else None
    return Column(
        name, kind, group, label_en, label_zh,  # type: ignore[arg-type]  # the table above spells the kind
        float(low) if low else None, float(high) if high else None, bool(extra), permission,
    )


CATALOGUE: Final[Mapping[str, Column]] = {
    column.name: column
    for group, rows in _ROWS.items()
    for column in (_read(group, line) for line in rows.strip().splitlines())
}
"""Column name -> column, in table order."""

NEEDS: Final[Mapping[str, str]] = {
    **{name: column.permission for name, column in CATALOGUE.items() if column.permission},
    **dict.fromkeys(
        (
            "overdue_count_24m", "open_loan_count", "bureau_inquiry_count_3m", "bureau_inquiry_count_6m",
            "other_credit_line_cny", "debt_to_income_share", "other_repayment_on_time_share",
        ),
        "has_bureau_record",
    ),
    "card_on_time_share": "credit_card_count",
}
"""Column that may be missing -> the column that decides whether it is there."""

PERMISSIONS: Final = tuple(name for name, c in CATALOGUE.items() if c.group == "permissions")
FEATURES: Final = tuple(name for name, c in CATALOGUE.items() if c.is_feature)
DECISIONS: Final = tuple(name for name, c in CATALOGUE.items() if c.group in ("decision", "after_opening"))
TRUTH: Final = ("p_invite", "p_open", "quota_mean_cny", "quota_log_mean", "quota_log_sd", "p_overdue")
"""Columns of the truth table beside one ``logit_<factor>`` per factor; only evaluation opens it."""


@dataclass(frozen=True)
class Contract:
    """What a table must look like: its columns, the levels of its categories, and the labels learnt from.

    Parameters
    ----------
    columns
        Column name -> column, in table order.
    levels
        Category column -> its levels, in the order in which they are encoded.
    keys
        Columns that every table for learning has beside features and labels.
    labels
        What the models learn; never features.
    """

    columns: Mapping[str, Column]
    levels: Mapping[str, tuple[str, ...]]
    keys: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """Columns a model may read."""
        return tuple(name for name, column in self.columns.items() if column.is_feature)

    def is_text(self, name: str) -> bool:
        """Tell whether a column holds words: a category or plain text."""
        return self.columns[name].kind in ("category", "text")


DOCUMENTED: Final = Contract(
    CATALOGUE, LEVELS, ("person_id", "snapshot_month"),
    ("is_invited", "is_opened", "initial_quota_cny", "daily_rate", "credit_grade"),
)
"""The contract of the documents' lender; a table of one's own brings another (:mod:`weilidai.own_table`)."""
