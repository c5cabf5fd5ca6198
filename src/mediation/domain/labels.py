"""A text in the two languages of the service, Chinese first."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """One name or sentence: `zh` in Chinese, `en` in English, both meant for readers."""

    zh: str
    en: str
