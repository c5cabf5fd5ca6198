"""Drives the retold disputes through a service, and tells how each ended and what it left out."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from mediation.demo.client import Client, ClockFixedError, ServiceRefusedError
from mediation.demo.host import NotStartedError, service
from mediation.demo.play import Played, StoryError, play
from mediation.demo.setup import prepare
from mediation.demo.stories import STORIES
from mediation.demo.stories.story import Story
from mediation.gateways.clock import SystemClock
from mediation.gateways.demo_issuer import DemoIssuer
from mediation.settings import Settings, SettingsError, load_settings

DONE, FAILED = 0, 1


def main(settings: Settings | None = None, *, url: str | None = None, case: str | None = None) -> int:
    """Drive all disputes, or one, through the service at `url` or one started for it; 1 when any differs."""
    stories = [story for story in STORIES if case in {None, story.id}]
    if not stories:
        known = ", ".join(story.id for story in STORIES)
        raise SettingsError(f"There is no case {case}; there are {known}.")
    try:
        with _serving(settings, url) as client:
            ends = [_tell(client, story) for story in sorted(stories, key=lambda story: story.opened_on)]
    except httpx.ConnectError as error:
        raise SettingsError(f"No service answers at {url}.") from error
    except (ClockFixedError, NotStartedError) as error:
        raise SettingsError(str(error)) from error
    sys.stdout.write(f"{sum(ends)} of {len(ends)} as published\n")
    return DONE if all(ends) else FAILED


@contextmanager
def _serving(settings: Settings | None, url: str | None) -> Iterator[Client]:
    if url is not None:
        with client_of(settings or load_settings(), url) as client:
            try:
                yield client
            finally:
                client.move_clock(SystemClock().today().isoformat(), STORIES[0].keeper)
        return
    with tempfile.TemporaryDirectory(prefix="mediation-demo-") as folder:
        made = Settings(
            demo=True,
            clock="manual",
            data=Path(folder),
            database_url=f"sqlite:///{Path(folder) / 'demo.db'}",
            jwks_url="",
        )
        prepare(made)
        with service(made) as started, client_of(made, started) as client:
            yield client


def client_of(settings: Settings, url: str) -> Client:
    """Give a client that signs the tokens of the demo's people with the key of these settings."""
    issuer = DemoIssuer(settings.read_signing_key(), settings.issuer, settings.audience)
    return Client(url, issuer.token_for)


def _tell(client: Client, story: Story) -> bool:
    """Play a story and print its line; True when it ended as published."""
    try:
        played = play(client, story)
    except (ServiceRefusedError, StoryError, httpx.ReadError, httpx.RemoteProtocolError) as error:
        sys.stdout.writelines(f"{line}\n" for line in (f"{story.id}  stopped", *_indented(str(error))))
        return False
    differences = played.differences()
    sys.stdout.write(f"{_line(played, differences)}\n")
    sys.stdout.writelines(f"    not represented: {line}\n" for line in story.unrepresented)
    sys.stdout.writelines(f"    assumed: {line}\n" for line in story.assumptions)
    return not differences


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in text.splitlines()]


def _line(played: Played, differences: list[str]) -> str:
    tracks = ", ".join(f"{track}={state}" for track, state in played.tracks.items())
    told = [
        f"{played.story.id:<12}",
        played.case["number"] or "(no number)",
        played.state,
        tracks or "–",
        played.amount or "sum not published",
        "; ".join(differences) or "as published",
    ]
    return "  ".join(told)
