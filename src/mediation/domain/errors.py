"""What the law or the rules of the house answer with instead of a result, each with a stable code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mediation.domain.labels import Label


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason why a step may not be taken now, and who can lift it."""

    code: str
    text: Label
    missing: str | None = None
    lifted_by: tuple[str, ...] = ()
    basis: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InputError:
    """One value that cannot be taken, by JSON pointer, with the way out."""

    pointer: str
    code: str
    text: Label


class Refusal(Exception):  # noqa: N818 - the domain's own word
    """The law or a rule says no; `code` is stable, `text` says what to do."""

    code = "refused"
    text = Label("不能办理", "Refused")

    def __init__(self, text: Label | None = None, **facts: Any) -> None:
        """Keep the facts the answer may show; they never hold personal data."""
        self.text = text or type(self).text
        self.facts = facts
        super().__init__(self.text.en)


class NotFoundError(Refusal):
    """The thing does not exist, or this person may not know that it does."""

    code = "not_found"
    text = Label("未找到,或您无权查看", "Not found, or not visible to you")


class NotPermittedError(Refusal):
    """Visible, but never for this role."""

    code = "not_permitted"
    text = Label("您的角色不能办理此事项", "Your role may never do this")


class StepNotOpenError(Refusal):
    """The step does not leave the state the case is in."""

    code = "step_not_open"
    text = Label("当前状态不能办理此步骤", "This step does not leave the current state")


class BlockedError(Refusal):
    """The step leaves the current state, but something is in its way: all of it is listed."""

    code = "step_blocked"
    text = Label("办理条件尚未满足", "The conditions of this step are not met yet")

    def __init__(self, blockers: Sequence[Blocker], **facts: Any) -> None:
        """Carry every blocker, in the order of the row's guards."""
        super().__init__(**facts)
        self.blockers = tuple(blockers)


class InvalidInputError(Refusal):
    """The input is well formed but names something impossible; each entry says which and what to do."""

    code = "invalid_input"
    text = Label("输入有误", "The input cannot be taken")

    def __init__(self, errors: Sequence[InputError]) -> None:
        """Carry one entry per value."""
        super().__init__()
        self.errors = tuple(errors)


class ConflictError(Refusal):
    """The rule of the house forbids it in the present state of the data."""

    code = "conflict"


class VersionConflictError(Refusal):
    """Somebody else changed it since it was read."""

    code = "version_conflict"
    text = Label("资料已被他人更新,请重新读取", "It has changed since you read it; read it again")


class KeyReusedError(Refusal):
    """The idempotency key was used for another request."""

    code = "idempotency_key_reused"
    text = Label("该幂等键已用于另一请求", "This Idempotency-Key was used for a different request")


class VersionRequiredError(Refusal):
    """The command must say on which version it is based."""

    code = "version_required"
    text = Label(
        "请用 If-Match 或 expected_version 说明所依据的版本",
        "Say which version you read: If-Match or expected_version",
    )
