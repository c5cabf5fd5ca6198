"""Fills an empty service for a visitor: the directory, the published disputes, a live caseload around today."""

import sys
from datetime import date

from mediation.demo.caseload import caseload
from mediation.demo.client import Client
from mediation.demo.drive import client_of
from mediation.demo.host import service
from mediation.demo.play import Played, play
from mediation.demo.setup import has_cases, is_complete, load_directory
from mediation.demo.stories import STORIES
from mediation.demo.stories.story import Story
from mediation.gateways.clock import SystemClock
from mediation.settings import Settings


def seed(settings: Settings) -> None:
    """Seed a migrated database; one that holds cases already is left as it is. Raises what refused a step."""
    load_directory(settings)
    today = SystemClock().today()
    live = caseload(today)
    if has_cases(settings):
        if not is_complete(settings, live[-1]):
            sys.stdout.write("An earlier seeding was cut short; make clean-data run starts over.\n")
        return
    play_all(settings, (*sorted(STORIES, key=lambda story: story.opened_on), *live), today)


def play_all(settings: Settings, stories: tuple[Story, ...], today: date) -> list[Played]:
    """Play stories one after the other through a service on these settings, and leave its clock at today."""
    with service(settings) as url, client_of(settings, url) as client:
        played = [play(client, story) for story in stories]
        client.move_clock(today.isoformat(), stories[-1].keeper)
        _ask_to_read(client, played)
        return played


def _ask_to_read(client: Client, played: list[Played]) -> None:
    """Let the clerk of another district ask for a case of Yunxi's centre: its supervisor finds a request to answer."""
    numbers = [entry.case["number"] for entry in played if entry.story.keeper == "clerk-lin"]
    wanted = next((number for number in reversed(numbers) if number is not None), None)
    if wanted is not None:
        reason = "本区受理同一用人单位的另一争议，须核对工资支付情况"
        asked = {"case_number": wanted, "purpose": "same_employer", "reason": reason}
        client.post("clerk-fang", "/v1/access-requests", asked)
