"""The sentences of the limitation clock: lines of arithmetic, names of readings, what is missing, what would help."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from mediation.domain.labels import Label
from mediation.domain.limitation.facts import EventKind, LimitationEvent
from mediation.domain.procedure import PROCEDURE
from mediation.domain.workings import DAY_NAMES, WEEKDAYS, Line

KINDS: Final[Mapping[EventKind, Label]] = MappingProxyType({
    EventKind.ASSERTION: Label("权利人主张权利", "the claimant asserts the claim"),
    EventKind.AUTHORITY: Label("向有关部门请求救济", "an authority is asked for relief"),
    EventKind.PROMISE: Label("义务人同意履行", "the debtor agrees to perform"),
    EventKind.END_OF_PROCEDURE: Label("程序终结", "a procedure ends"),
})  # fmt: skip

REASONS: Final[Mapping[str, Label]] = MappingProxyType({
    "force_majeure": Label("不可抗力", "force majeure"),
    "no_guardian": Label("无法定代理人", "no legal guardian"),
    "party_death": Label("当事人死亡，继承人未确定", "death of a party, heirs not yet known"),
    "under_control": Label("权利人被义务人或者他人控制", "the claimant is under the control of the debtor or another"),
    "other_obstacle": Label("其他使权利人不能行使请求权的障碍", "another obstacle that keeps the claimant from acting"),
})  # fmt: skip

READINGS: Final[Mapping[str, Label]] = MappingProxyType({
    "likely": Label("可能的届满日：从最后一次中断（含程序终结）重新计算", "Likely: from the latest interruption, the end of a procedure included"),
    "safe": Label("安全日期：从提出请求之日重新计算，不计程序终结", "Safe: from the request itself; the end of a procedure does not count"),
    "wage_likely": Label("按劳动报酬时效（对劳动者有利），从最后一次中断重新计算", "As remuneration (the worker-friendly view), from the latest interruption"),
    "wage_safe": Label("按劳动报酬时效（对劳动者有利），不计程序终结", "As remuneration (the worker-friendly view), without ends of procedures"),
})  # fmt: skip

MISSING_BASIS: Final = Label("知道或者应当知道权利被侵害的日期", "the day the claimant knew or should have known")
MISSING_END: Final = Label("劳动关系终止的日期，或者仍在职", "the day employment ended, or that it goes on")

PROMISE_HELPS: Final = Label(
    "义务人同意履行：书面承诺、还款计划、部分支付、提供担保、请求延期",
    "The debtor agrees to perform: written promise, instalment plan, part payment, security, request for delay",
)
HELPS: Final = (
    Label("向对方书面主张权利或者要求协商，并保留送达证据", "A written demand or request to negotiate, with proof of delivery"),
    Label("向调解组织申请调解", "An application to a mediation organization"),
    Label("向劳动保障监察投诉", "A complaint to labour inspection"),
    Label("申请仲裁、申请支付令或者起诉", "An application for arbitration or a payment order, or a suit"),
    PROMISE_HELPS,
)  # fmt: skip


def basis(day: date, rule: str) -> Line:
    """Say what starts the year (LDMAL 27(1), (4); AMB-6)."""
    zh, en = {
        "L1": ("知道或者应当知道权利被侵害之日", "The claimant knew or should have known on"),
        "L5": ("劳动关系终止之日（劳动报酬）", "Employment, and with it the exception for remuneration, ended on"),
        "AMB-6": ("年休假最后可以安排之日", "The leave could last be taken on"),
    }[rule]
    return Line(f"{zh}：{_zh(day)}。", f"{en} {_en(day)}.", {"line": "basis", "basis": day.isoformat(), "rule": rule})


def no_end_while_employed() -> Line:
    """Say that remuneration has no limitation while employment lasts (LDMAL 27(4))."""
    return Line(
        "劳动关系存续期间拖欠劳动报酬的，不受一年时效限制。",
        "While employment lasts, unpaid remuneration is under no limitation.",
        {"line": "no_end_while_employed"},
    )


def cannot_say(missing: Label) -> Line:
    """Say which fact the end cannot be counted without."""
    return Line(f"缺少{missing.zh}，无法计算。", f"Cannot be counted without {missing.en}.", {"line": "cannot_say"})


def not_yet(event: LimitationEvent) -> Line:
    """Say that an act lies after the day of the question."""
    return _event(event, "not_yet", "晚于查询日，暂不计入。", "after the day of this view; not counted yet.")


def before_basis(event: LimitationEvent) -> Line:
    """Say that the year had not begun, so there was nothing to interrupt."""
    return _event(event, "before_basis", "时效尚未起算，不发生中断。", "the year had not begun; nothing to interrupt.")


def not_in_safe_reading(event: LimitationEvent) -> Line:
    """Say that the safe reading leaves the end of a procedure out (AMB-13)."""
    return _event(
        event, "not_in_safe_reading", "安全日期不计程序终结。", "the safe reading leaves the end of a procedure out."
    )


def too_late(event: LimitationEvent, end: date) -> Line:
    """Say that an act came after the end and does not revive the claim."""
    zh = f"晚于届满日{_zh(end)}，不发生中断。"
    return _event(event, "too_late", zh, f"after the end on {_en(end)}; too late, no effect.", end=end)


def no_gain(event: LimitationEvent, end: date) -> Line:
    """Say that an act in time would give an earlier end than the one that stands."""
    zh = f"时效中断，但原届满日{_zh(end)}更晚，不变。"
    return _event(event, "no_gain", zh, f"in time, but the end on {_en(end)} is later and stays.", end=end)


def restarted(event: LimitationEvent, start: date, end: date, *, is_late: bool) -> Line:
    """Say that a full year starts anew: interrupted in time (LDMAL 27(2)), or promised after the end (CC 192(2))."""
    zh = f"届满日为{_zh(end)}，未逾期，时效中断，自{_zh(start)}重新计算一年。"
    en = f"in time, as the year ends on {_en(end)}; the full year starts anew from {_en(start)}."
    if is_late:
        zh = f"时效已于{_zh(end)}届满，义务人此后同意履行，不得再以时效抗辩；自{_zh(start)}重新计算一年。"
        en = f"the year was over on {_en(end)}; the defence is lost and a new year runs from {_en(start)}."
    return _event(event, "revived" if is_late else "accepted", zh, en, start=start, end=end)


def suspended(first: date, last: date, days: int, *, reasons: Sequence[str], raw: date, goes_on: bool) -> Line:
    """Say how many days a suspension adds: the rest of the year runs on after it (LDMAL 27(3))."""
    names = [REASONS.get(reason, Label(reason, reason)) for reason in reasons]
    zh = f"时效中止（{'、'.join(name.zh for name in names)}）{_zh(first)}至{_zh(last)}，共{days}日，顺延至{_zh(raw)}。"
    en = f"Suspended ({', '.join(name.en for name in names)}) from {_en(first)} to {_en(last)}: {days} days, to {_en(raw)}."
    if goes_on:
        zh, en = f"{zh}中止仍在继续，暂算至查询日。", f"{en} It goes on; counted up to the day of this view."
    facts = {"first": first.isoformat(), "last": last.isoformat(), "days": days, "raw": raw.isoformat()}
    return Line(zh, en, {"line": "suspended", **facts, "goes_on": goes_on})


def suspended_from_the_start(since: date) -> Line:
    """Say that a suspension lasts when the year begins: it adds no day yet, but nothing runs before it ends."""
    return Line(
        f"{_zh(since)}起的中止事由仍在继续，时效自始中止。",
        f"The suspension that began on {_en(since)} goes on: the year stands still from its first day.",
        {"line": "suspended_from_the_start", "since": since.isoformat()},
    )


def suspension_without_effect(since: date, last: date) -> Line:
    """Say that a suspension lies outside the running year."""
    return Line(
        f"{_zh(since)}至{_zh(last)}的中止事由不在本次计算的一年内，不计。",
        f"The suspension from {_en(since)} to {_en(last)} lies outside the year that runs; no effect.",
        {"line": "suspension_without_effect", "since": since.isoformat(), "last": last.isoformat()},
    )


def pending(since: date) -> Line:
    """Say that the year does not run while an arbitration or suit lasts (CC 195)."""
    return Line(
        f"{_zh(since)}起仲裁或者诉讼在审，时效中断，程序终结后重新计算。",
        f"Arbitration or suit pending since {_en(since)}: interrupted; the year starts anew when it ends.",
        {"line": "pending", "since": since.isoformat()},
    )


def _event(event: LimitationEvent, line: str, zh: str, en: str, **days: date) -> Line:
    step = PROCEDURE.steps.get(event.action or "")
    label = KINDS[event.kind] if step is None else step.label
    facts: dict[str, object] = {"line": line, "day": event.day.isoformat(), "kind": str(event.kind)}
    facts |= {"source": event.source, "action": event.action, "evidence": event.evidence}
    facts |= {name: day.isoformat() for name, day in days.items()}
    return Line(f"{_zh(event.day)}{label.zh}：{zh}", f"{_en(event.day)}, {label.en}: {en}", facts)


def _zh(day: date) -> str:
    return f"{day.isoformat()}(周{WEEKDAYS[day.weekday()]})"


def _en(day: date) -> str:
    return f"{DAY_NAMES[day.weekday()]} {day.isoformat()}"
