"""A live caseload around today: made-up disputes in every stage, with deadlines a visitor can act on."""

from datetime import date

from mediation.demo.caseload import at_court, groups, in_mediation, intake, settled
from mediation.demo.stories.story import Story


def caseload(today: date) -> tuple[Story, ...]:
    """Tell the cases as they stand on a day; the last one marks that all are there."""
    rooms = (in_mediation, settled, at_court, groups, intake)
    return tuple(story for room in rooms for story in room.stories(today))
