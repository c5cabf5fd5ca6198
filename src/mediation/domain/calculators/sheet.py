"""The sheet a formula fills in: lines of working with their articles, other readings, warnings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from mediation.domain.calculators.result import ZERO, Answer, Line, Variant
from mediation.domain.labels import Label
from mediation.domain.law import SOURCES, Citation, cite, describe


@dataclass(slots=True)
class Sheet:
    """Collects what a formula says on the way to its answer."""

    lines: list[Line] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)
    warnings: list[Label] = field(default_factory=list)
    citations: dict[Citation, None] = field(default_factory=dict)
    needs_review: bool = False

    def line(self, name: str, text: Label, basis: str, **facts: object) -> None:
        """Write one line, followed by its articles; `facts` keep its numbers for a machine."""
        cited = cite(basis)
        self.citations |= dict.fromkeys(cited)
        named = [_name(citation) for citation in cited]
        zh, en = "、".join(label.zh for label in named), "; ".join(label.en for label in named)
        plain = {key: _plain(value) for key, value in facts.items()}
        self.lines.append(Line(f"{text.zh}（{zh}）。", f"{text.en} ({en}).", {"line": name, "basis": basis, **plain}))

    def variant(self, text: Label, amount: Decimal, rule: str) -> None:
        """Note the amount under another reading, and the question it belongs to."""
        self.variants.append(Variant(text, amount, rule))
        self.citations |= dict.fromkeys(cite(rule))

    def warn(self, zh: str, en: str, *, review: bool = False) -> None:
        """Tell the reader something to check; `review` asks for a person's judgement."""
        self.warnings.append(Label(zh, en))
        self.needs_review |= review

    def nothing_due(self, text: Label, basis: str, *, reason: str) -> Answer:
        """Close the sheet with nothing due, and why."""
        self.line("nothing_due", text, basis, reason=reason)
        return self.answer(ZERO)

    def answer(
        self,
        amount: Decimal | None,
        *,
        readings: Iterable[Decimal] = (),
        open_upward: bool = False,
        ratio: Decimal | None = None,
        outcome: str | None = None,
    ) -> Answer:
        """Close the sheet; `readings` span the range with the amount, which may be left open upward."""
        span = {*readings} if amount is None else {amount, *readings}
        disputed = len(span) > 1 or open_upward
        return Answer(
            amount=amount,
            minimum=min(span) if disputed else None,
            maximum=max(span) if disputed and not open_upward else None,
            variants=tuple(self.variants),
            working=tuple(self.lines),
            citations=tuple(self.citations),
            warnings=tuple(self.warnings),
            needs_review=self.needs_review,
            ratio=ratio,
            outcome=outcome,
        )


def _name(citation: Citation) -> Label:
    """Name the source; a document known by its number alone stands in the note."""
    if citation.note and not SOURCES[citation.source].is_text:
        return Label(citation.note, citation.note)
    return describe(citation)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return value
