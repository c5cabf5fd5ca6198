"""The sentences that explain how a due date was counted, one line for each piece of arithmetic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

UNIT_NAMES = {
    "calendar_day": ("日", "calendar days"),
    "working_day": ("个工作日", "working days"),
    "month": ("个月", "months"),
    "year": ("年", "years"),
    "hour": ("小时", "hours"),
}
KIND_NAMES = {
    "weekend": ("周末", "weekend"),
    "holiday": ("放假", "official day off"),
    "makeup_working": ("调休上班", "make-up working day"),
    "working": ("工作日", "working day"),
}
WEEKDAYS = "一二三四五六日"
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of arithmetic in both languages; `facts` holds its name (`line`) and dates as ISO text."""

    zh: str
    en: str
    facts: dict[str, object] = field(default_factory=dict, hash=False)


def start_not_counted(start: date) -> Line:
    """Say that the day of the event is day 0 (CC 201; CPL 85)."""
    return Line(
        f"起算日{_zh(start)}不计入，自次日起算。",
        f"The starting day {_en(start)} is not counted; the next day is day 1.",
        {"line": "start_not_counted", "start": start.isoformat()},
    )


def event_not_counted(event: date) -> Line:
    """Say that counting back begins with the day before the event."""
    return Line(
        f"自{_zh(event)}之前一日起倒算，当日不计入。",
        f"Counted back from the day before {_en(event)}, which is not counted itself.",
        {"line": "event_not_counted", "event": event.isoformat()},
    )


def raw_end(length: int, unit: str, raw: date) -> Line:
    """Say which day is the last before anything is moved (CC 200, 202)."""
    zh, en = UNIT_NAMES[unit]
    return Line(
        f"期间{length}{zh}，算至{_zh(raw)}。",
        f"{length} {en} end on {_en(raw)}." if length != 1 else f"1 {en[:-1]} ends on {_en(raw)}.",
        {"line": "raw_end", "length": length, "unit": str(unit), "raw": raw.isoformat()},
    )


def clipped(day: int, raw: date) -> Line:
    """Say that the month of the end has no corresponding day, so its last day is the end (CC 202)."""
    return Line(
        f"到期月没有{day}日，以月末日{_zh(raw)}为期间末日。",
        f"The month of the end has no day {day}; its last day, {_en(raw)}, is the end.",
        {"line": "clipped", "day": day, "raw": raw.isoformat()},
    )


def hours_as_days(length: int, days: int, raw: date) -> Line:
    """Show a term in hours as the date on which it runs out; it never moves off a day off."""
    return Line(
        f"以小时计算的期间：{length}小时折为{days}日，于{_zh(raw)}的相应时刻届满，不因放假顺延。",
        f"A term in hours: {length} hours run out on {_en(raw)} ({days} days on), at the hour they began; no roll.",
        {"line": "hours", "hours": length, "days": days, "raw": raw.isoformat()},
    )


def agreed_end(end: date) -> Line:
    """Say that the end was fixed by agreement or by a document and is not counted."""
    return Line(
        f"到期日由约定或文书确定为{_zh(end)}。",
        f"The end is fixed by agreement or by a document: {_en(end)}.",
        {"line": "agreed_end", "raw": end.isoformat()},
    )


def limitation_end(end: date) -> Line:
    """Say that the end is the one the limitation of the claim gives, with its own arithmetic."""
    return Line(
        f"时效届满日{_zh(end)}由该请求的时效计算得出，见时效说明。",
        f"The end {_en(end)} comes from the limitation of the claim; see its own arithmetic.",
        {"line": "limitation_end", "raw": end.isoformat()},
    )


def extended(agreed_on: date, end: date) -> Line:
    """Say that a new end was agreed or set, from which nothing is counted any more (LDMAL 14, 43)."""
    return Line(
        f"{_zh(agreed_on)}约定或决定延长，到期日为{_zh(end)}。",
        f"On {_en(agreed_on)} a new end was agreed or set: {_en(end)}.",
        {"line": "extended", "on": agreed_on.isoformat(), "raw": end.isoformat()},
    )


def paused(first: date, last: date, number: int, *, raw: date, unit: str) -> Line:
    """Say which days did not count, and where the days that were left end (C13; ZJ 36; SPC-OL 26)."""
    zh, en = UNIT_NAMES[unit]
    en = en if number != 1 else en[:-1]
    return Line(
        f"{_zh(first)}至{_zh(last)}中止或扣除，计{number}{zh}，期间末日移至{_zh(raw)}。",
        f"The clock stood still from {_en(first)} to {_en(last)}, {number} {en}: the end moves to {_en(raw)}.",
        {
            "line": "paused",
            "since": first.isoformat(),
            "until": last.isoformat(),
            "number": number,
            "unit": str(unit),
            "raw": raw.isoformat(),
        },
    )


def pause_without_effect(first: date, last: date) -> Line:
    """Say that a pause took no day out of the term: it lay before its start, after its end, or in another pause."""
    return Line(
        f"截至{_zh(last)}的中止不影响本期间。",
        f"The pause until {_en(last)} takes nothing out of this term.",
        {"line": "pause_without_effect", "since": first.isoformat(), "until": last.isoformat()},
    )


def stands_still(since: date) -> Line:
    """Say that the clock has stood still since a day; what is left runs on when the pause ends."""
    return Line(
        f"自{_zh(since)}起中止，恢复后剩余期间继续计算。",
        f"The clock has stood still since {_en(since)}; what is left runs on when the pause ends.",
        {"line": "stands_still", "since": since.isoformat()},
    )


def skipped(days: Sequence[date]) -> Line:
    """Name the days off inside a count of working days."""
    return Line(
        f"不计入的休息日：{_spans(days)}。",
        f"Days off not counted: {_spans(days)}.",
        {"line": "skipped", "days": [day.isoformat() for day in days]},
    )


def makeup_counted(days: Sequence[date]) -> Line:
    """Name the weekend days the notice made working days, counted like any other."""
    return Line(
        f"计入的调休上班日：{_spans(days)}。",
        f"Make-up working days counted: {_spans(days)}.",
        {"line": "makeup_counted", "days": [day.isoformat() for day in days]},
    )


def rolled(raw: date, due: date, passed: Sequence[tuple[date, str]]) -> Line:
    """Say that the end moves off a day off to a working day (CC 203; CPL 85; backwards: earlier)."""
    zh = "、".join(f"{_zh(day)}{KIND_NAMES[kind][0]}" for day, kind in passed)
    en = ", ".join(f"{_en(day)} ({KIND_NAMES[kind][1]})" for day, kind in passed)
    later = due > raw
    return Line(
        f"{zh}；{'顺延' if later else '提前'}至{_zh(due)}。",
        f"Moved {'on' if later else 'back'} from {_en(raw)} to {_en(due)}, past {en}.",
        {
            "line": "rolled",
            "raw": raw.isoformat(),
            "due": due.isoformat(),
            "passed": [{"day": day.isoformat(), "why": kind} for day, kind in passed],
        },
    )


def no_roll_on_makeup(raw: date) -> Line:
    """Say that the last day is a weekend day on which the country works, so it stays the last day."""
    return Line(
        f"{_zh(raw)}虽为周末，但为调休上班日，不顺延。",
        f"{_en(raw)} is a weekend day but a make-up working day: the end stays.",
        {"line": "no_roll_on_makeup", "raw": raw.isoformat()},
    )


def provisional(years: Iterable[int]) -> Line:
    """Say that the notice for a year is not loaded, so the end may move when it is."""
    listed = sorted(set(years))
    text = ", ".join(str(year) for year in listed)
    return Line(
        f"{text}年的放假安排尚未载入，到期日为暂定，载入后重新计算。",
        f"The notice on days off for {text} is not loaded: the end is provisional and will be counted again.",
        {"line": "provisional", "years": listed},
    )


def _zh(day: date) -> str:
    return f"{day.isoformat()}(周{WEEKDAYS[day.weekday()]})"


def _en(day: date) -> str:
    return f"{DAY_NAMES[day.weekday()]} {day.isoformat()}"


def _spans(days: Sequence[date]) -> str:
    spans: list[list[date]] = []
    for day in days:
        if spans and day - spans[-1][1] == timedelta(days=1):
            spans[-1][1] = day
        else:
            spans.append([day, day])
    return ", ".join(f"{a}" if a == b else f"{a}..{b}" for a, b in spans)
