"""The kinds of document a case produces or needs: what each must say, who signs it, how many, when, and why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mediation.domain.labels import Label


class Signatory(StrEnum):
    APPLICANT = "applicant"
    PARTY = "party"
    PARTIES = "parties"
    WORKER = "worker"
    REPRESENTED_WORKERS = "represented_workers"
    CREDITOR = "creditor"
    PAYEE = "payee"
    PRINCIPAL = "principal"
    PLAINTIFF = "plaintiff"
    NEW_PARTY = "new_party"
    UNDERTAKING_PERSON = "undertaking_person"
    RECIPIENT = "recipient"
    MEDIATOR = "mediator"
    OBSERVER = "observer"
    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    DECIDER = "decider"
    ORGANIZATION_SEAL = "organization_seal"
    SENDER_SEAL = "sender_seal"
    SOURCE_BODY = "source_body"
    UNION_SEAL = "union_seal"
    SUPERVISION_HEAD = "supervision_head"
    COUNTY_UNION_SEAL = "county_union_seal"
    COMMISSION_SEAL = "commission_seal"
    ISSUING_BODY = "issuing_body"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of document; `signatories` all sign or seal it, `fields` says what it may not lack."""

    code: str
    label: Label
    fields: Label
    signatories: tuple[Signatory, ...]
    copies: Label
    due: Label
    basis: str


_S: Final = Signatory

SIGNATORY_LABELS: Final[Mapping[Signatory, Label]] = MappingProxyType(
    {
        _S.APPLICANT: Label("申请人", "applicant"),
        _S.PARTY: Label("当事人本人", "the party concerned"),
        _S.PARTIES: Label("各方当事人", "every party"),
        _S.WORKER: Label("劳动者", "worker"),
        _S.REPRESENTED_WORKERS: Label("全体被代表劳动者", "all represented workers"),
        _S.CREDITOR: Label("债权人", "creditor"),
        _S.PAYEE: Label("收款人", "payee"),
        _S.PRINCIPAL: Label("委托人", "principal"),
        _S.PLAINTIFF: Label("原告", "plaintiff"),
        _S.NEW_PARTY: Label("新当事人", "new party"),
        _S.UNDERTAKING_PERSON: Label("承诺人", "undertaking person"),
        _S.RECIPIENT: Label("受送达人", "recipient"),
        _S.MEDIATOR: Label("调解员", "mediator"),
        _S.OBSERVER: Label("志愿者、旁听人员", "volunteer or observer"),
        _S.CLERK: Label("书记员", "clerk"),
        _S.SUPERVISOR: Label("主管人员", "supervisor"),
        _S.DECIDER: Label("决定人", "decider"),
        _S.ORGANIZATION_SEAL: Label("调解组织印章", "seal of the mediation organization"),
        _S.SENDER_SEAL: Label("发文单位印章", "seal of the sender"),
        _S.SOURCE_BODY: Label("垫付单位", "body that advances the money"),
        _S.UNION_SEAL: Label("工会印章", "seal of the union"),
        _S.SUPERVISION_HEAD: Label("工会劳动法律监督组织负责人", "head of the union's supervision body"),
        _S.COUNTY_UNION_SEAL: Label("县级以上总工会印章", "seal of a union federation of county level or above"),
        _S.COMMISSION_SEAL: Label("仲裁委员会印章", "seal of the arbitration commission"),
        _S.ISSUING_BODY: Label("出具机关", "issuing body"),
    }
)

_CODE: Final = re.compile(r"\bDOC\d\d\b")

_ONE: Final = Label("1份", "1")
_TWO: Final = Label("2份", "2")
_PER_PARTY: Final = Label("每方1份", "one per party")
_PER_PARTY_FILE: Final = Label("每方1份，另存档1份", "one per party and one for the file")
_RESPONDENTS_1: Final = Label("按被申请人人数提交，另加1份", "one per respondent and one more")
_APPLICANT_FILE: Final = Label("申请人1份，另存档1份", "applicant and file")
_THREE: Final = Label("不少于3份（每方及调解组织各1份）", "at least 3: each party and the organization")
_BODY_1: Final = Label("1份，另送受理机关", "one, and one for the body concerned")
_FILE: Final = Label("存档", "file")

_AT_INTAKE: Final = Label("受理登记时", "at intake")
_ON_EVENT: Final = Label("事项发生时", "when it happens")
_FIRST_SESSION: Final = Label("首次调解前", "before the first session")
_THREE_WD: Final = Label("收到申请之日起3个工作日内", "within 3 working days of receipt")
_AT_REFERRAL: Final = Label("引导仲裁时", "at referral to arbitration")
_ON_REQUEST: Final = Label("提出申请时", "on request")

_ROWS: Final = (
    DocumentKind(
        "DOC01",
        Label("调解申请书", "mediation application"),
        Label(
            "当事人信息；争议事项；各项请求及金额；事实与理由；日期",
            "party block; matter in dispute; requests with amounts; facts and reasons; date",
        ),
        (_S.APPLICANT,),
        _RESPONDENTS_1,
        _AT_INTAKE,
        "LDMAL 12; R17 21",
    ),
    DocumentKind(
        "DOC02",
        Label("口头申请笔录", "oral application record"),
        Label(
            "申请人基本情况；争议事项；理由；时间；宣读确认",
            "applicant's basics; matter in dispute; reason; time; read-back statement",
        ),
        (_S.APPLICANT, _S.CLERK),
        _ONE,
        Label("当场", "on the spot"),
        "LDMAL 12",
    ),
    DocumentKind(
        "DOC03",
        Label("征询调解意愿通知", "consent inquiry"),
        Label("申请人；事项；答复期限；有权不同意", "who asks; what; day of reply; right to refuse"),
        (_S.ORGANIZATION_SEAL,),
        _PER_PARTY,
        Label("登记后1个工作日内", "within 1 working day of registration"),
        "ZJ 10; R17 22; product rule",
    ),
    DocumentKind(
        "DOC04",
        Label("受理通知书", "acceptance notice"),
        Label(
            "案号；收到日期；受理日期；调解员；权利义务；15日届满日",
            "case number; day of receipt; day of acceptance; mediator; rights and duties; end of the 15 days",
        ),
        (_S.ORGANIZATION_SEAL,),
        _PER_PARTY_FILE,
        _THREE_WD,
        "R17 22",
    ),
    DocumentKind(
        "DOC05",
        Label("不予受理通知书", "non-acceptance notice"),
        Label("理由；其他途径；时效提示", "reason; other routes; warning about limitation"),
        (_S.ORGANIZATION_SEAL,),
        _APPLICANT_FILE,
        _THREE_WD,
        "R17 22",
    ),
    DocumentKind(
        "DOC06",
        Label("调解通知书", "notice of mediation meeting"),
        Label(
            "时间；地点或者在线链接；调解员；申请回避的权利；应带材料",
            "time; place or online link; mediator; right to ask for recusal; what to bring",
        ),
        (_S.ORGANIZATION_SEAL,),
        _PER_PARTY,
        Label("会议3个工作日前，当事人同意可缩短", "3 working days before, shorter by consent"),
        "SPC-TY 14; SPC-OL 16; product rule",
    ),
    DocumentKind(
        "DOC07",
        Label("权利义务告知书", "rights-and-duties notice"),
        Label(
            "自愿；回避；保密；协议效力；确认途径及15日、30日期限；虚假调解的后果；时效",
            "voluntariness; recusal; confidentiality; effect of an agreement; ways of confirmation with their 15 and 30 days; consequences of sham mediation; limitation",
        ),
        (_S.PARTY,),
        _PER_PARTY,
        _FIRST_SESSION,
        "SPC-TY 14; SPC-OL 17; PML 23, 24",
    ),
    DocumentKind(
        "DOC08",
        Label("送达地址确认书", "service-address confirmation"),
        Label(
            "邮寄地址；电话；电子邮箱或者电子账号；是否同意电子送达",
            "postal address; telephone; e-mail or electronic account; consent to electronic service",
        ),
        (_S.PARTY,),
        _ONE,
        _FIRST_SESSION,
        "SPC-OL 17; CPLI 136",
    ),
    DocumentKind(
        "DOC09",
        Label("调解笔录", "mediation record"),
        Label(
            "时间；地点；到场人员；身份核对；权利告知；陈述；无争议事实（单列）；方案（单列、保密）；结果；宣读确认",
            "time; place; those present; identity check; rights told; statements; undisputed facts set apart; offers set apart and confidential; result; read-back",
        ),
        (_S.PARTIES, _S.MEDIATOR, _S.CLERK),
        _ONE,
        Label("每次调解", "each session"),
        "PML 27; LDMAL 13; SPC-OL 22",
    ),
    DocumentKind(
        "DOC10",
        Label("无争议事实记载", "undisputed-facts sheet"),
        Label("双方书面认可的事实", "facts both sides accept in writing"),
        (_S.PARTIES, _S.MEDIATOR),
        Label("每方1份，另送法院1份", "one per party and one for the court"),
        Label("法院委派委托调解终结时", "at the end of court mediation"),
        "SPC-OL 18, 22",
    ),
    DocumentKind(
        "DOC11",
        Label("延期调解同意书", "extension consent"),
        Label("原届满日；新届满日；理由", "old end date; new end date; reason"),
        (_S.PARTIES,),
        _PER_PARTY_FILE,
        Label("原期限届满前", "before the old end"),
        "ZJ 10; R17 29; SPC-TY 27",
    ),
    DocumentKind(
        "DOC12",
        Label("鉴定期间扣除记录", "suspension or appraisal note"),
        Label("开始日；结束日；鉴定或者处理机构", "start; end; body"),
        (_S.MEDIATOR,),
        _ONE,
        _ON_EVENT,
        "SPC-OL 26",
    ),
    DocumentKind(
        "DOC13",
        Label("调解协议书", "mediation agreement"),
        Label(
            "当事人信息；主要事实；争议事项；请求；协议内容；每笔给付的金额、收款账户、日期、方式；违约条款（如有）；其他请求是否了结；份数；日期",
            "party block; main facts; matters in dispute; request; agreed terms; of each payment amount, payee account, date and mode; default clause if any; whether other claims are settled; number of copies; date",
        ),
        (_S.PARTIES, _S.MEDIATOR, _S.ORGANIZATION_SEAL),
        _THREE,
        Label("达成协议时", "on settlement"),
        "LDMAL 14; R17 26 (from memory); PML 29; SPC-TY 24",
    ),
    DocumentKind(
        "DOC14",
        Label("和解协议", "settlement agreement"),
        Label("当事人信息；协议内容", "party block; terms"),
        (_S.PARTIES,),
        Label("不少于2份", "at least 2"),
        Label("协商一致时", "on agreement in negotiation"),
        "R17 11",
    ),
    DocumentKind(
        "DOC15",
        Label("口头协议记录", "oral-agreement record"),
        Label("协议内容", "terms"),
        (_S.MEDIATOR, _S.PARTIES),
        _ONE,
        Label("仅限人民调解和特邀调解", "people's and invited mediation only"),
        "PML 28; SPC-TY 23; LDMAL 14",
    ),
    DocumentKind(
        "DOC16",
        Label("调解终止（不成）通知书", "termination notice"),
        Label(
            "原因代码；日期；申请仲裁的权利；仲裁委员会地址；时效届满日",
            "reason code; date; right to arbitrate; address of the commission; end of limitation",
        ),
        (_S.ORGANIZATION_SEAL, _S.PARTIES),
        _PER_PARTY_FILE,
        Label("终止后1个工作日内", "within 1 working day of the end"),
        "PML 26; R17 30; product rule",
    ),
    DocumentKind(
        "DOC17",
        Label("不同意调解记录", "refusal record"),
        Label("何人、以何种方式、何时不同意", "who refused, how and when"),
        (_S.CLERK,),
        _ONE,
        _ON_EVENT,
        "R17 22; ZJ 10",
    ),
    DocumentKind(
        "DOC18",
        Label("委派调解情况报告", "report to the court"),
        Label(
            "终结原因；无争议事实；增加诉讼成本的行为；材料清单",
            "reason of the end; undisputed facts; conduct that raised costs; list of materials",
        ),
        (_S.MEDIATOR, _S.ORGANIZATION_SEAL),
        Label("法院1份，另存档1份", "court and file"),
        Label("调解终结时", "at the end"),
        "SPC-TY 26; SPC-OL 21",
    ),
    DocumentKind(
        "DOC19",
        Label("仲裁申请书", "arbitration application"),
        Label(
            "劳动者姓名、性别、年龄、职业、工作单位、住所；用人单位名称、住所、法定代表人及职务；请求；事实与理由；证据及来源、证人姓名和住所",
            "worker: name, sex, age, occupation, unit, address; employer: name, address, legal representative and post; requests; facts and reasons; evidence and its source, witnesses with addresses",
        ),
        (_S.APPLICANT,),
        _RESPONDENTS_1,
        _AT_REFERRAL,
        "LDMAL 28",
    ),
    DocumentKind(
        "DOC20",
        Label("证据目录", "evidence list"),
        Label("序号；名称；来源；页数；证明目的", "number; name; source; pages; purpose"),
        (_S.PARTY,),
        _RESPONDENTS_1,
        _AT_REFERRAL,
        "LDMAL 28; ZJ 25",
    ),
    DocumentKind(
        "DOC21",
        Label("移送（引导）仲裁函", "referral letter"),
        Label(
            "案情摘要；各阶段及日期；时效事由；联系人",
            "case summary; stages with dates; limitation events; contact",
        ),
        (_S.ORGANIZATION_SEAL,),
        Label("1份，另存档1份", "one and file"),
        _AT_REFERRAL,
        "practice",
    ),
    DocumentKind(
        "DOC22",
        Label("仲裁审查申请书", "arbitration-review application"),
        Label(
            "双方当事人；协议签订和生效日期；请求；合法性声明",
            "both parties; days of agreement and effect; request; statement of lawfulness",
        ),
        (_S.PARTIES,),
        Label("1份，附协议原件", "one with the original agreement"),
        Label("协议生效之日起15日内", "within 15 days of effect"),
        "R17 27; R33 74",
    ),
    DocumentKind(
        "DOC23",
        Label("司法确认申请书", "judicial-confirmation application"),
        Label(
            "双方当事人；协议；法院；无其他程序进行中；送达信息",
            "both parties; agreement; court; no other case pending; service data",
        ),
        (_S.PARTIES,),
        Label("1份及全套材料", "one and the set of materials"),
        Label("协议生效之日起30日内", "within 30 days of effect"),
        "CPL 205; CPLI 353–354; SPC-JC 3",
    ),
    DocumentKind(
        "DOC24",
        Label("支付令申请书", "payment-order application"),
        Label("到期金额；事实；证据；协议", "amount due; facts; evidence; agreement"),
        (_S.WORKER,),
        Label("按债务人人数提交，另送法院1份", "one per debtor and one for the court"),
        Label("未按期履行时", "on default"),
        "CPL 225; LDMAL 16",
    ),
    DocumentKind(
        "DOC25",
        Label("授权委托书", "power of attorney"),
        Label(
            "委托人；代理人及类别；事项；权限（一般或者特别：承认、放弃、变更请求，和解）；期限",
            "principal; agent and kind; matters; authority, general or special (admit, waive, change, settle); term",
        ),
        (_S.PRINCIPAL,),
        Label("受理机关1份，另存档1份", "body concerned and file"),
        Label("首次代理行为时", "with the first act"),
        "LDMAL 24; ZJ 19",
    ),
    DocumentKind(
        "DOC26",
        Label("推举代表人名册", "representative mandate"),
        Label(
            "全体被代表人姓名、证件号码、签名；3至5名代表人；权限",
            "names, identity numbers and signatures of all represented; 3 to 5 representatives; scope",
        ),
        (_S.REPRESENTED_WORKERS,),
        _ONE,
        Label("集体争议推举代表人时", "when a collective dispute elects representatives"),
        "LDMAL 7; ZJ 40",
    ),
    DocumentKind(
        "DOC27",
        Label("送达回证", "service receipt"),
        Label(
            "文书名称；案号；受送达人；地点；方式；日期；签收或者拒收理由；见证人；送达人",
            "document; case number; recipient; place; method; date; signature or reason of refusal; witnesses; server",
        ),
        (_S.RECIPIENT,),
        Label("每次送达1份", "one per service"),
        Label("每次送达", "each service"),
        "CPL 87–95; R33 20; ZJ 35",
    ),
    DocumentKind(
        "DOC28",
        Label("履行情况记录", "performance record"),
        Label("期次；应付；已付；凭证；收款人确认", "instalment; due; paid; proof; confirmation of the payee"),
        (_S.PAYEE, _S.CLERK),
        _ONE,
        Label("每个履行期限", "each due date"),
        "PML 31; ZJ 8(2)",
    ),
    DocumentKind(
        "DOC29",
        Label("工会法律援助申请表", "legal-aid application"),
        Label(
            "申请人；案情；困难标准或者免审理由；身份证明",
            "applicant; case; hardship line or reason of exemption; proof of identity",
        ),
        (_S.APPLICANT, _S.DECIDER),
        _ONE,
        _ON_REQUEST,
        "ACFTU-LA; LAL 41–43",
    ),
    DocumentKind(
        "DOC30",
        Label("回避申请及决定", "recusal application and decision"),
        Label("理由；证据；决定；决定理由", "ground; evidence; decision; its reason"),
        (_S.APPLICANT, _S.DECIDER),
        _ONE,
        _ON_EVENT,
        "SPC-TY 15; SPC-OL 13",
    ),
    DocumentKind(
        "DOC31",
        Label("保密承诺书", "confidentiality undertaking"),
        Label("保密范围", "scope"),
        (_S.MEDIATOR, _S.OBSERVER),
        _ONE,
        Label("接触案件前", "before access"),
        "SPC-TY 28; SPC-OL 29",
    ),
    DocumentKind(
        "DOC32",
        Label("结案报告、卷内目录", "case summary and file index"),
        Label(
            "结果代码；用时；请求、测算、约定、已付金额",
            "result code; days used; amounts claimed, computed, agreed and paid",
        ),
        (_S.CLERK,),
        _ONE,
        Label("结案时", "at closing"),
        "PML 27; R33 21–22",
    ),
    DocumentKind(
        "DOC33",
        Label("协商要求书及回复", "negotiation request and reply"),
        Label("要求人；事项；要求；答复期限；送交方式", "who asks; matter; request; day of reply; delivery"),
        (_S.PARTY,),
        _TWO,
        Label("协商开始时", "at the start of negotiation"),
        "R17 8–10",
    ),
    DocumentKind(
        "DOC34",
        Label("工会劳动法律监督提示函", "union supervision reminder"),
        Label("用人单位；事实；规定；要求；答复期限", "employer; facts; rule; what is asked; day of reply"),
        (_S.UNION_SEAL,),
        _TWO,
        Label("发现违法苗头时", "on a sign of breach"),
        "ZJ-SUP; 一函两书 practice",
    ),
    DocumentKind(
        "DOC35",
        Label("工会劳动法律监督意见书", "union supervision opinion"),
        Label("用人单位；查明事实；条文；改正要求；日期", "employer; findings; articles; correction asked; date"),
        (_S.UNION_SEAL, _S.SUPERVISION_HEAD),
        _TWO,
        Label("查实违法时", "when a breach is shown"),
        "LCL 78; ZJ-SUP",
    ),
    DocumentKind(
        "DOC36",
        Label("工会劳动法律监督建议书", "union supervision recommendation"),
        Label(
            "主管部门；用人单位；事实；已采取的措施；建议",
            "authority; employer; facts; steps so far; proposal",
        ),
        (_S.COUNTY_UNION_SEAL,),
        _TWO,
        Label("用人单位不改正时", "when the employer does not correct"),
        "ZJ-SUP",
    ),
    DocumentKind(
        "DOC37",
        Label("撤回申请书", "withdrawal"),
        Label(
            "程序；案号；涉及何人请求；理由；履行情况",
            "proceeding; number; whose claims; reason; state of performance",
        ),
        (_S.PARTY,),
        _BODY_1,
        _ON_EVENT,
        "PML 23; R33 35 (heading checked); CPL 148",
    ),
    DocumentKind(
        "DOC38",
        Label("移送函、委派（委托）调解函、交办函", "transfer or entrustment letter"),
        Label(
            "发文单位；接收单位；事项；阶段经过；材料清单；个人信息提供依据",
            "sender; receiver; matter; stages so far; list of papers; basis for giving the data",
        ),
        (_S.SENDER_SEAL,),
        Label("1份，另存档1份", "one and file"),
        Label("移交时", "on hand-over"),
        "SPC-TY 11; ZJ 22; practice",
    ),
    DocumentKind(
        "DOC39",
        Label("当事人变更、追加、承继材料", "party change record"),
        Label("原当事人和新当事人；依据；证明；同意", "old and new party; ground; proof; consents"),
        (_S.NEW_PARTY, _S.CLERK),
        _ONE,
        _ON_EVENT,
        "LDMAL 23, 25; ZJ 18",
    ),
    DocumentKind(
        "DOC40",
        Label("欠薪垫付（工资保证金使用）申请及凭证", "advance-payment application and voucher"),
        Label("劳动者；期间；金额；资金来源；追偿", "workers; periods; sums; source; recourse"),
        (_S.WORKER, _S.SOURCE_BODY),
        _TWO,
        _ON_REQUEST,
        "MW 30–33, 63 (from memory); local rules",
    ),
    DocumentKind(
        "DOC41",
        Label("调解建议书", "mediation proposal"),
        Label(
            "仲裁委员会；当事人；建议的调解组织；对受理的影响",
            "commission; parties; organization proposed; effect on acceptance",
        ),
        (_S.COMMISSION_SEAL,),
        _PER_PARTY,
        Label("仲裁委员会引导调解时", "when the commission advises mediation"),
        "R33 69 (from memory)",
    ),
    DocumentKind(
        "DOC42",
        Label("补充（变更）协议", "supplementary or replacing agreement"),
        Label(
            "被替代的协议；继续有效的内容；新条款（同调解协议书）；加速到期",
            "agreement replaced; what stays; new terms as in a mediation agreement; acceleration",
        ),
        (_S.PARTIES, _S.MEDIATOR, _S.ORGANIZATION_SEAL),
        _THREE,
        Label("变更协议时", "on a change of terms"),
        "CC 543; LDMAL 14",
    ),
    DocumentKind(
        "DOC43",
        Label("财产保全申请书", "preservation application"),
        Label("债务人；金额；财产；风险；担保", "debtor; sum; assets; risk; security"),
        (_S.APPLICANT,),
        Label("法院1份", "court"),
        _ON_REQUEST,
        "CPL 103–104",
    ),
    DocumentKind(
        "DOC44",
        Label("强制执行申请书", "enforcement application"),
        Label("执行依据；应付金额；已付金额；已知财产", "title; sum due; paid so far; assets known"),
        (_S.CREDITOR,),
        Label("法院1份", "court"),
        Label("执行依据未获履行时", "after default on a title"),
        "CPL 247, 250",
    ),
    DocumentKind(
        "DOC45",
        Label("仲裁、法院、行政机关文书", "paper of a commission, court or authority"),
        Label(
            "机关；文号；日期；各方收到日期；各项请求结果",
            "body; number; date; day received per party; result per claim",
        ),
        (_S.ISSUING_BODY,),
        _FILE,
        Label("收到时", "on receipt"),
        "LDMAL; CPL",
    ),
    DocumentKind(
        "DOC46",
        Label("指派（更换）调解员通知", "appointment or change of mediator"),
        Label("案件；调解员；披露事项；异议权", "case; mediator; disclosure; right to object"),
        (_S.ORGANIZATION_SEAL,),
        _PER_PARTY,
        Label("指派或者更换时", "on appointment or change"),
        "R17 25; SPC-TY 12–15",
    ),
    DocumentKind(
        "DOC47",
        Label("更正、分案、恢复办理记录", "record of correction, split or reopening"),
        Label("事项；原内容和新内容；原因；批准人", "what; old and new; why; who approved"),
        (_S.CLERK, _S.SUPERVISOR),
        _ONE,
        _ON_EVENT,
        "product rule",
    ),
    DocumentKind(
        "DOC48",
        Label("来访来电登记表", "intake and triage sheet"),
        Label(
            "渠道；时间；来访人；事项；紧急程度；希望的途径",
            "channel; time; who; what; urgency; route wanted",
        ),
        (_S.CLERK,),
        _ONE,
        _AT_INTAKE,
        "product rule; PML 27",
    ),
    DocumentKind(
        "DOC49",
        Label("民事起诉状", "complaint"),
        Label("当事人；请求；事实；起诉路径依据；证据", "parties; requests; facts; basis of the route; evidence"),
        (_S.PLAINTIFF,),
        Label("按被告人数提交，另加1份", "one per defendant and one more"),
        Label("起诉时", "on suit"),
        "CPL 124",
    ),
    DocumentKind(
        "DOC50",
        Label("催告履行通知", "demand to perform"),
        Label("义务；到期日；后果；收款账户", "obligation; due date; consequence; account"),
        (_S.ORGANIZATION_SEAL,),
        Label("每个债务人1份", "one per debtor"),
        Label("到期或者逾期时", "when due or overdue"),
        "PML 31; ZJ 8(2)",
    ),
    DocumentKind(
        "DOC51",
        Label("风险（虚假调解）报告", "risk or sham report"),
        Label("事实；人员；措施；报告对象", "facts; persons; measures; to whom"),
        (_S.MEDIATOR,),
        _BODY_1,
        _ON_EVENT,
        "PML 25; SPC-TY 18",
    ),
    DocumentKind(
        "DOC52",
        Label("债务加入（代付）承诺书", "undertaking to join the debt or to pay for another"),
        Label("债务人；债权人；金额；日期；追偿", "debtor; creditor; sum; date; recourse"),
        (_S.UNDERTAKING_PERSON,),
        _PER_PARTY,
        Label("第三人承诺付款时", "when a third party pays"),
        "CC 524, 552",
    ),
)

DOCUMENTS: Final[Mapping[str, DocumentKind]] = MappingProxyType({row.code: row for row in _ROWS})


def kinds_named(text: str) -> tuple[DocumentKind, ...]:
    """The kinds that the document column of a row names, in its order, alternatives included."""
    return tuple(DOCUMENTS[code] for code in dict.fromkeys(_CODE.findall(text)))
