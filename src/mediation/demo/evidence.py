"""What the demo's recorders state on their own word, and on which paper."""

from collections.abc import Mapping
from typing import Any, Final

from mediation.domain.guards import required_attestations
from mediation.domain.procedure import PROCEDURE

PAPERS: Final[Mapping[str, str]] = {
    "agent_kind_allowed": "工会法律援助人员证",
    "agreement_complete": "协议要件核对表",
    "agreement_covers_case": "协议与请求对照表",
    "all_parties_consent": "各方同意调解的记录",
    "all_signatures_present": "协议签署页",
    "application_fields_complete": "仲裁申请书核对表",
    "arbitration_change_in_time": "仲裁委员会准许变更的通知",
    "breach_shown": "事实调查笔录",
    "conflict_check_done": "利益冲突检索记录",
    "conflict_clean_or_waived": "利益冲突披露书",
    "concessions_excluded": "送出材料目录",
    "copies_sufficient": "副本清点单",
    "county_level_or_above": "工会法人资格证",
    "data_sharing_basis": "信息移交同意书",
    "debtor_reachable": "送达地址确认书",
    "duplicate_checked": "查重记录",
    "each_party_told": "并案处理告知书",
    "each_withdrawing_worker_named": "撤回劳动者名单",
    "followup_declined_or_exhausted": "回访记录",
    "jointly_applied": "双方签署的申请书",
    "limitation_warning_shown": "时效提示签收单",
    "mediation_wanted_by_applicant": "申请人意愿记录",
    "mediator_and_seal_present": "协议签署页",
    "no_sham_sign": "虚假调解核查表",
    "notice_to_all": "通知记录",
    "oral_record_signed": "口头申请笔录",
    "parties_notified": "会议通知回执",
    "reason_told": "书面告知书",
    "rights_told": "权利义务告知书",
    "rights_notice_given": "申请仲裁权利告知书",
    "same_employer": "营业执照信息",
    "ten_or_more_common_claim": "劳动者名册",
    "union_competent": "工会管辖范围说明",
    "urgency_or_risk_shown": "财产线索说明",
    "wage_claim_fixed": "工资清单",
    "warned_award_stands": "裁判效力告知书",
    "warned_no_title": "协议效力告知书",
    "willing_to_change": "变更意愿记录",
    "written_consent_of_all": "书面同意书",
}
OTHERWISE: Final = "卷内材料"


def attestations(action: str, papers: Mapping[str, str]) -> list[dict[str, Any]]:
    """State every condition the row leaves to its recorder; `papers` go before the usual ones."""
    named = dict.fromkeys((*required_attestations(PROCEDURE.steps[action]), *papers))
    return [{"guard": guard, "evidence": papers.get(guard) or PAPERS.get(guard, OTHERWISE)} for guard in named]
