"""In which of its two languages an answer speaks."""

from functools import lru_cache
from typing import Literal

from mediation.domain.labels import Label

Language = Literal["zh", "en"]


@lru_cache(maxsize=256)
def choose_language(accepted: str) -> Language:
    """Read Accept-Language: English where it is preferred to Chinese, else Chinese."""
    weights = {"zh": -1.0, "en": -1.0}
    for entry in accepted.split(","):
        name, _, parameters = entry.partition(";")
        tag = name.strip().lower().partition("-")[0]
        if tag in weights:
            weights[tag] = max(weights[tag], _weight(parameters))
    return "en" if weights["en"] > max(weights["zh"], 0.0) else "zh"


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def say(label: Label, language: str) -> str:
    """Give a text in one language."""
    return label.en if language == "en" else label.zh


def both(label: Label) -> dict[str, str]:
    """Give a text in both languages, as data does."""
    return {"zh": label.zh, "en": label.en}
