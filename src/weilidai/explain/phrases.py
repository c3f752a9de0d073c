"""How each column is said in a sentence: one line per column, English and Chinese with the same figures.

``{}`` holds the figure, with or without "at least" before it, so that a person's value and a documented
mark are said alike. ``[s]`` and ``[y|ies]`` follow the number in English.
"""

from collections.abc import Mapping
from typing import Final

_COUNTED: Final = """
    age_years | {} year[s] of age | 年龄{}岁
    account_age_months | {} month[s] since registration | 微信注册{}个月
    real_name_months | {} month[s] since real-name verification | 实名认证{}个月
    debit_card_count | {} debit card[s] bound | 绑定储蓄卡{}张
    credit_card_count | {} credit card[s] bound | 绑定信用卡{}张
    friend_count | {} contact[s] | 好友{}人
    managed_group_count | {} group chat[s] administered | 管理群聊{}个
    daily_open_count | {} open[s] a day | 日均打开微信{}次
    nonsocial_function_count | {} non-social function[s] in use | 使用非社交功能{}项
    profile_update_count_12m | {} profile update[s] in 12 months | 近12个月更新资料{}次
    moments_post_count_12m | {} Moments post[s] in 12 months | 近12个月发布朋友圈{}条
    contact_change_share_12m | {} of contacts changed in 12 months | 近12个月联系人变化{}
    complaint_count_12m | {} complaint[s] received in 12 months | 近12个月被投诉{}次
    charity_months_12m | donations in {} of 12 months | 近12个月中有{}个月参与公益捐赠
    daily_payment_count | {} WeChat payment[s] a day | 日均微信支付{}笔
    monthly_spend_cny | {} spent a month | 月均消费{}
    annual_flow_cny | {} of WeChat Pay flow a year | 微信支付年流水{}
    wallet_balance_cny | {} usually in the wallet | 钱包常年余额{}
    red_packet_share | {} of payments being red packets | 红包在支付中占{}
    offline_payment_share | {} of payments made offline | 线下支付占{}
    merchant_category_count | {} kind[s] of merchants paid in a month | 每月消费商户类型{}种
    utility_on_time_share | {} of utility bills paid on time | 生活缴费按时率{}
    refund_share | {} of payments refunded | 退款在支付中占{}
    large_payment_count_12m | {} large payment[s] in 12 months | 近12个月大额消费{}次
    night_transfer_count_30d | {} large transfer[s] at night in 30 days | 近30天夜间大额转账{}次
    licaitong_balance_cny | {} held in Licaitong | 理财通持仓{}
    licaitong_months | {} month[s] with a Licaitong holding | 持有理财通{}个月
    lingqiantong_earnings_cny | {} earned in Lingqiantong so far | 零钱通累计收益{}
    insurance_premium_cny | {} of insurance premiums a year | 年缴保费{}
    monthly_card_flow_cny | {} flowing through bound cards a month | 绑定银行卡月均流水{}
    overdue_count_24m | {} overdue event[s] in 24 months | 近24个月逾期{}次
    open_loan_count | {} loan[s] not yet settled | 未结清贷款{}笔
    bureau_inquiry_count_3m | {} bureau inquir[y|ies] in 3 months | 近3个月征信查询{}次
    bureau_inquiry_count_6m | {} bureau inquir[y|ies] in 6 months | 近6个月征信查询{}次
    other_credit_line_cny | {} of credit lines elsewhere | 其他平台授信{}
    annual_income_cny | {} of income a year | 年收入{}
    debt_to_income_share | debt service of {} of income | 偿债支出占收入{}
    other_repayment_on_time_share | {} of repayments elsewhere on time | 其他平台按时还款率{}
    card_on_time_share | {} of credit-card repayments on time | 信用卡按时还款率{}
    housing_fund_months | {} month[s] of housing-fund payments | 公积金连续缴存{}个月
    pay_score | a WeChat pay score of {} | 微信支付分{}分
    tencent_credit_score | a Tencent credit score of {} | 腾讯信用分{}分
    device_count_7d | {} device[s] used in 7 days | 近7天登录设备{}台
    location_jump_km_7d | logins {} km apart in 7 days | 近7天登录位置相距{}公里
    verification_failure_count | {} failed verification[s] in a row | 连续验证失败{}次
    ip_change_count_30d | {} change[s] of IP address in 30 days | 近30天IP地址变更{}次
    identity_change_count_12m | {} change[s] of identity or card data in 12 months | 近12个月修改身份或银行卡资料{}次
"""

_FLAGGED: Final = """
    is_covered_area | open where you live | not open where you live yet | 所在地区已开放 | 所在地区尚未开放
    has_salary_card | salary card bound | no salary card bound | 已绑定工资卡 | 未绑定工资卡
    has_bureau_record | a record at the credit bureau | no record at the credit bureau | 有征信记录 | 无征信记录
    has_contacts_permission | contacts shared | contacts not shared | 已授权通讯录 | 未授权通讯录
    has_location_permission | location shared | location not shared | 已授权位置 | 未授权位置
    has_transactions_permission | bill details shared | bill details not shared | 已授权账单详情 | 未授权账单详情
    has_pay_score_enabled | pay score switched on | pay score switched off | 支付分已开启 | 支付分未开启
    uses_vpn | logins by VPN or proxy | no logins by VPN or proxy | 通过VPN或代理登录 | 未通过VPN或代理登录
    has_remote_login | a login from another place | no login from another place | 有异地登录 | 无异地登录
    has_aml_alert | a money-laundering alert | no money-laundering alert | 触发过反洗钱预警 | 未触发反洗钱预警
    has_grey_activity | grey activity seen | no grey activity seen | 有灰色行为 | 无灰色行为
    is_restricted | account restricted for risk | account not restricted | 账户因风险受限 | 账户未受限
"""

_LEVELLED: Final = """
    user_type | student | student | 学生
    user_type | freelancer | freelancer | 自由职业者
    user_type | office_worker | office worker | 上班族
    user_type | self_employed | self-employed | 个体经营者
    user_type | wecom_user | WeCom user | 企业微信用户
    user_type | high_net_worth | high net worth | 高净值人群
    user_type | retired | retired | 退休人员
    user_type | unknown | not known | 未知
    city_tier | tier1 | first-tier city | 一线城市
    city_tier | tier2 | second-tier city | 二线城市
    city_tier | tier3_4 | third- or fourth-tier city | 三四线城市
    city_tier | county_rural | county or village | 县域及农村
    city_tier | unknown | not known | 未知
    region | yangtze_delta | Yangtze River Delta | 长三角
    region | pearl_delta | Pearl River Delta | 珠三角
    region | northeast | north-east | 东北
    region | other | another region | 其他地区
    region | unknown | not known | 未知
"""

_WITHHELD: Final = """
    has_contacts_permission | not visible: contacts permission withheld | 不可见：未授权通讯录
    has_location_permission | not visible: location permission withheld | 不可见：未授权位置
    has_transactions_permission | not visible: bill details permission withheld | 不可见：未授权账单详情
    has_pay_score_enabled | not visible: pay score switched off | 不可见：支付分未开启
"""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def _counted() -> dict[str, tuple[str, str]]:
    lines = (line.strip().split(" | ") for line in _COUNTED.strip().splitlines())
    return {column: (en, zh) for column, en, zh in lines}


COUNTED: Final[Mapping[str, tuple[str, str]]] = _counted()
"""Column of numbers -> how its figure is said, in English and in Chinese."""

FLAGGED: Final[Mapping[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    column: ((en_no, zh_no), (en_yes, zh_yes)) for column, en_yes, en_no, zh_yes, zh_no in _rows(_FLAGGED)
}
"""Flag -> how no and yes are said, each in English and in Chinese."""

LEVELLED: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    (column, level): (en, zh) for column, level, en, zh in _rows(_LEVELLED)
}
"""Category column and level -> how it is said, in English and in Chinese."""

WITHHELD: Final[Mapping[str, tuple[str, str]]] = {permission: (en, zh) for permission, en, zh in _rows(_WITHHELD)}
"""Permission -> how a value it hides is said, in English and in Chinese."""

NO_BUREAU_RECORD: Final = ("no record at the credit bureau", "无征信记录")
NOTHING_RECORDED: Final = ("nothing on record", "无相关记录")
NOT_KNOWN: Final = ("not known", "未知")
