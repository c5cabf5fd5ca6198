"""Plays a story: writes the draft down, takes each step on its own day, and tells where the case stands."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mediation.demo import people
from mediation.demo.client import Client
from mediation.demo.evidence import attestations
from mediation.demo.stories.story import Act, DayEach, Lapse, Named, Owed, Story

MAIN = "main"
RESTING = frozenset({"none", "running", "calm"})
LIVE = frozenset({"open", "part", "done"})
LOOKS, BETWEEN_LOOKS = 30, 0.1


class StoryError(Exception):
    """The story names something its case does not have, or the clock did not do what the story waits for."""


@dataclass(slots=True)
class Played:
    """A story under way: the case as last read, and the ids of what was named on it."""

    story: Story
    case: dict[str, Any]
    owed: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """Tell the state of the main track."""
        state: str = self.case["state"]["code"]
        return state

    @property
    def tracks(self) -> dict[str, str]:
        """Tell the states of the side tracks that have begun."""
        states = {entry["track"]: entry["state"]["code"] for entry in self.case["tracks"]}
        return {track: state for track, state in states.items() if track != MAIN and state not in RESTING}

    @property
    def amount(self) -> str | None:
        """Tell what is owed or was claimed in the end; None where no sum is known."""
        title = (self.case["facts"].get("agreement") or {}).get("id")
        due = [o["amount"] for o in self.case["obligations"] if o["agreement_id"] == title and o["status"] in LIVE]
        known = [amount for amount in due if amount is not None]
        if known:
            return _total(known)
        claims = self.case["claims"]
        if claims and all(entry["outcome"] == "dismissed" for entry in claims):
            return _total(())
        return next((entry["amount_text"] for entry in claims if entry["amount_text"]), None)

    def differences(self) -> list[str]:
        """Tell where the case stands otherwise than the story says; empty when it ends as published."""
        end = self.story.end
        found = {name: self.case["facts"].get(name) for name in end.facts}
        pairs = [
            ("state", self.state, end.state),
            ("tracks", self.tracks, dict(end.tracks)),
            ("facts", found, dict(end.facts)),
            ("amount", self.amount, end.amount),
        ]
        return [f"{name} {is_}, published {should}" for name, is_, should in pairs if is_ != should]


def _total(amounts: Any) -> str:
    fen = sum(int(amount.replace(".", "")) for amount in amounts)
    return f"{fen // 100}.{fen % 100:02d}"


def play(client: Client, story: Story) -> Played:
    """Play one story to its end; raises ServiceRefusedError or StoryError."""
    cases = {other.id: play(client, other).case["id"] for other in story.also}
    played = _open(client, story)
    played.cases.update(cases)
    for step in story.steps:
        if isinstance(step, Lapse):
            _wait(client, played, step)
        else:
            _take(client, played, step)
    played.case = client.read(story.keeper, played.case["id"])
    return played


def _open(client: Client, story: Story) -> Played:
    client.move_clock(story.opened_on, story.keeper)
    body = {
        "channel": story.channel,
        "summary": story.summary,
        "parties": list(story.parties),
        "claims": list(story.claims),
        **story.given,
    }
    return Played(story, client.create(story.keeper, body))


def _take(client: Client, played: Played, step: Act) -> None:
    client.move_clock(step.clock or step.on, step.recorder)
    before = played.case
    body = {
        "occurred_on": step.on,
        "attestations": attestations(step.action, step.evidence),
        **_resolved(played, step.common),
        **_resolved(played, step.input),
    }
    played.case = client.step(step.recorder, before, step.action, body)
    _remember_owed(played, before, step)


def _wait(client: Client, played: Played, step: Lapse) -> None:
    keeper, case_id = played.story.keeper, played.case["id"]
    before = len(client.history(keeper, case_id))
    client.move_clock(step.clock, keeper)
    done: list[str] = []
    for _ in range(LOOKS):
        done = [entry["action"] for entry in client.history(keeper, case_id)[before:]]
        if step.action in done:
            break
        time.sleep(BETWEEN_LOOKS)
    else:
        raise StoryError(f"{step.action} did not come by itself until {step.clock}; what came: {done}")
    seen = played.case
    played.case = client.read(played.story.keeper, played.case["id"])
    _remember_owed(played, seen, None)


def _resolved(played: Played, value: Any) -> Any:
    """Put ids in the place of names, however deep they stand."""
    if isinstance(value, Named):
        return _id_of(played, value)
    if isinstance(value, Owed):
        return _resolved(played, value.body)
    if isinstance(value, DayEach):
        return {_party(played, name): value.day for name in value.parties}
    if isinstance(value, Mapping):
        return {key: _resolved(played, entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_resolved(played, entry) for entry in value]
    return value


def _id_of(played: Played, thing: Named) -> str:
    if thing.kind == "organization":
        return people.organization(thing.name).id
    if thing.kind == "person":
        return people.person(thing.name).id
    if thing.kind == "party":
        return _party(played, thing.name)
    agreement = played.case["facts"].get("agreement") or {}
    known: dict[str, dict[str, Any]] = {
        "claim": {entry["code"]: entry["id"] for entry in reversed(played.case["claims"])},
        "obligation": dict(played.owed),
        "agreement": {thing.name: agreement.get("id")},
        "case": dict(played.cases),
    }
    found = known[thing.kind].get(thing.name)
    if found is None:
        raise StoryError(f"{played.story.id}: no {thing.kind} {thing.name} in the case")
    return str(found)


def _party(played: Played, name: str) -> str:
    for entry in played.case["parties"]:
        if entry["name"] == name:
            return str(entry["id"])
    raise StoryError(f"{played.story.id}: no party {name} in the case")


def _remember_owed(played: Played, before: Mapping[str, Any], step: Act | None) -> None:
    """Give the story's names to the obligations a step made; those of a timer are named after their claim."""
    known = {entry["id"] for entry in before["obligations"]}
    new = [entry for entry in played.case["obligations"] if entry["id"] not in known]
    told = [owed for owed in step.input.get("obligations", ()) if isinstance(owed, Owed)] if step else []
    for owed in told:
        match = next((entry for entry in new if _is(entry, owed)), None)
        if match is None:
            raise StoryError(f"{played.story.id}: obligation {owed.name} was not written down")
        new.remove(match)
        played.owed[owed.name] = match["id"]
    for entry in new:
        name = next((c["code"] for c in played.case["claims"] if c["awarded"] == entry["amount"]), None)
        if name is not None:
            played.owed[name] = entry["id"]


def _is(entry: Mapping[str, Any], owed: Owed) -> bool:
    return all(entry[name] == owed.body.get(name) for name in ("kind", "amount", "due_on", "due_text"))
