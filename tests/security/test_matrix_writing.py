"""Role × relation × operation: who writes what on a case beside its steps, against a table written by hand.

Nothing here is taken from the table of the service. Each letter is somebody to the case:

    C clerk, U union officer, S supervisor   at the body that handles it
    u union officer, s supervisor            at a body above, the draft being somebody else's
    M mediator, V volunteer                  assigned to it
    W worker that applies, E employer complained of, with an account each
    A auditor above, L liaison of an office it was sent to
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from tests.databases import Templates
from tests.security.attack import OPENAPI, UNKNOWN, ask, told
from tests.security.writing_requests import (
    DAY,
    Request,
    Site,
    add_claim,
    add_party,
    amend_case,
    amend_claim,
    amend_employer,
    amend_limitation_act,
    amend_name,
    amend_task,
    amend_worker,
    answer_data_request,
    answer_erasure,
    answer_offer,
    assign,
    compute_claim,
    end_assignment,
    export_data,
    lift_legal_hold,
    make_access_link,
    put_employment,
    receive_data_request,
    record_consent,
    record_limitation_act,
    record_offer,
    record_sharing,
    record_undisputed_fact,
    reveal,
    revoke_access_link,
    set_legal_hold,
    sign_undisputed_fact,
    take_back_limitation_act,
    withdraw_consent,
)
from tests.services.test_erasure import AFTER_TEN_YEARS, ended
from tests.services.test_tasks import LAPSED_ON
from tests.services.world import World, accept, open_world, party_of

from mediation.demo.people import organization, person

PAGE: Final = (Path(__file__).parents[2] / "docs/access.md").read_text(encoding="utf-8")
CENTRE: Final = {
    "C": "clerk-lin", "M": "mediator-zhou", "V": "volunteer-he", "u": "officer-xu", "s": "supervisor-tang",
    "W": "worker-zhang", "E": "employer-wang", "A": "auditor-feng", "L": "inspection-luo",
}  # fmt: skip
"""Who is what to a case of the centre, below the district's union."""
UNION: Final = {
    "C": "clerk-new", "V": "volunteer-he", "U": "officer-xu", "S": "supervisor-tang", "u": "officer-cen",
    "s": "supervisor-yan", "W": "worker-zhang", "E": "employer-wang", "A": "auditor-feng",
}  # fmt: skip
"""Who is what to a case that the district's union handles itself, below the city's."""
STRANGERS: Final = (
    "mediator-chen", "volunteer-jiang", "clerk-fang", "mediator-wu", "supervisor-meng", "officer-yu", "admin-qian",
    "security-qi", "court-ding", "worker-tian",
)  # fmt: skip


WRITTEN: Final[tuple[tuple[str, Callable[[Site], Request], str], ...]] = (
    # what was said, as long as it is a draft
    ("draft", amend_case, "C V U S W"),
    ("draft", add_party, "C V U S W"),
    ("draft", amend_worker, "C V U S W"),
    ("draft", amend_employer, "C V U S"),
    ("draft", add_claim, "C V U S W"),
    ("draft", amend_claim, "C V U S W"),
    ("draft", put_employment, "C V U S W"),
    ("draft", compute_claim, "C V U S W"),
    # and once it is registered: it is what the house took down
    ("registered", amend_case, "C M U S"),
    ("registered", amend_worker, "C M V U S W"),
    ("registered", amend_name, "C M V U S"),
    ("registered", amend_employer, "C M U S"),
    ("registered", put_employment, "C M V U S"),
    ("registered", compute_claim, "C M V U S"),
    ("registered", record_limitation_act, "C M V U S"),
    ("registered", amend_limitation_act, "C M V U S"),
    ("registered", take_back_limitation_act, "C M V U S"),
    # who works on it
    ("registered", assign, "C U S s"),
    ("registered", end_assignment, "C U S s"),
    ("late", amend_task, "C V U S s"),
    # what is said at the table
    ("registered", record_offer, "C M V"),
    ("registered", answer_offer, "C M V"),
    ("registered", record_undisputed_fact, "C M V"),
    ("registered", sign_undisputed_fact, "C M V"),
    # what is kept of people
    ("registered", record_consent, "C M V U S W"),
    ("registered", withdraw_consent, "C M V U S W"),
    ("registered", record_sharing, "C M V U S"),
    ("registered", receive_data_request, "C M V W"),
    ("registered", answer_data_request, "C M"),
    ("registered", answer_erasure, "S s"),
    ("registered", export_data, "C M V W"),
    ("registered", reveal, "C M V"),
    ("registered", make_access_link, "C M"),
    ("registered", revoke_access_link, "C M"),
    ("registered", set_legal_hold, "S s"),
    ("registered", lift_legal_hold, "S s"),
)
"""Stage, operation, and everybody who writes by it; who else sees the case gets 403, who does not 404."""
BY_STEP_ONLY: Final = (add_party, add_claim, amend_claim)
"""Of a registered case nobody writes these: the house is told by which step (409), all others that they may not."""
OF_AN_ENDED_CASE: Final = {"erase", "propose_disposal", "confirm_disposal", "withdraw_disposal"}
ELSEWHERE: Final = {"simulate", "break_glass"}
"""A simulation writes nothing; who breaks the glass is told in tests/services/test_break_glass.py."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sites(
    request: pytest.FixtureRequest, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], Site]]:
    """Give a case of each house at each stage, once on each kind of database."""
    with ExitStack() as opened:
        if request.param == "sqlite":
            url = templates.sqlite(tmp_path_factory.mktemp("writing"))
        else:
            url = opened.enter_context(templates.postgresql())
        yield built(opened.enter_context(open_world(url)))


def built(world: World) -> dict[tuple[str, str], Site]:
    new_clerk(world, organization("yunxi-union").id)
    late = {house: site(world, "late", cast, submit=True) for house, cast in (("centre", CENTRE), ("union", UNION))}
    world.run_due(LAPSED_ON)
    found = {(house, "late"): one for house, one in late.items()}
    for house, cast in (("centre", CENTRE), ("union", UNION)):
        found[house, "draft"] = site(world, "draft", cast)
        found[house, "registered"] = site(world, "registered", cast)
    mediated_and_handed_over(found["centre", "registered"])
    return found


def new_clerk(world: World, body: str) -> None:
    made = world.send("admin-qian", "POST", "/v1/people", json={"subject": "clerk-new", "name": "新办案员"}).json()
    given = {"organization_id": body, "roles": ["clerk"]}
    answer = world.send("admin-qian", "POST", f"/v1/people/{made['id']}/memberships", json=given)
    assert answer.status_code == 201, answer.text


def site(world: World, stage: str, cast: Mapping[str, str], *, submit: bool = False) -> Site:
    """A case with accounts on both sides, a volunteer, and the employment on file."""
    parties = [
        party_of("worker", "张来福", person_id=person("worker-zhang").id),
        party_of("employer", "某厂", person_id=person("employer-wang").id),
    ]
    case = world.create(cast["C"], submit=submit, parties=parties)
    found = Site(world, case["id"], cast)
    volunteer = {"json": {"person_id": person("volunteer-he").id, "role": "volunteer"}}
    found.made(("POST", f"{found.path}/assignments", volunteer))
    if stage != "late":
        method, path, content = put_employment(found)
        content["json"] |= {"ended_on": "2026-05-31", "place_of_performance": "330106"}
        found.made((method, path, content))
    if stage == "registered":
        given = {"channel": "walk_in", "written_or_oral": "written", "received_on": DAY, "reason": "欠薪"}
        world.take(found.case_id, "submit_intake", cast["C"], **given)
    return found


def mediated_and_handed_over(found: Site) -> None:
    world = found.world
    accept(world, found.case_id)
    world.take(found.case_id, "assign_mediator", mediator=person("mediator-zhou").id)
    office = organization("yunxi-inspection").id
    world.take(found.case_id, "hand_over_inspection", office=office, sent_on=DAY, matter="wage_arrears")


def refusals(found: Site, request: Request, letters: set[str]) -> dict[str, tuple[int, str | None]]:
    """What those who may not, and strangers, are answered."""
    method, path, content = request
    whom = [found.cast[letter] for letter in sorted(found.cast.keys() - letters)] + [*STRANGERS]
    answers = ask(found.world, [(who, method, path, content) for who in whom])
    return {who: told(answer) for who, answer in zip(whom, answers, strict=True)}


def refused(found: Site, letters: set[str]) -> dict[str, tuple[int, str]]:
    seeing = {found.cast[letter]: (403, "not_permitted") for letter in found.cast.keys() - letters}
    return seeing | dict.fromkeys(STRANGERS, (404, "not_found"))


@pytest.mark.parametrize("house", ["centre", "union"])
@pytest.mark.parametrize(("stage", "operation", "who"), WRITTEN, ids=lambda value: getattr(value, "__name__", None))
def test_everybody_in_the_table_writes_and_nobody_else(
    sites: dict[tuple[str, str], Site], house: str, stage: str, operation: Callable[[Site], Request], who: str
) -> None:
    found, letters = sites[house, stage], set(who.split())
    if stage != "registered":  # nobody mediates it yet, and it was sent to nobody
        found = Site(found.world, found.case_id, {key: one for key, one in found.cast.items() if key not in "ML"})

    answers = refusals(found, operation(found), letters)
    written = {}
    for letter in letters & found.cast.keys():
        method, path, content = operation(found)
        (answer,) = ask(found.world, [(found.cast[letter], method, path, content)])
        written[letter] = answer.status_code if not answer.is_success else "written"

    assert answers == refused(found, letters)
    assert written == dict.fromkeys(letters & found.cast.keys(), "written")


@pytest.mark.parametrize("operation", BY_STEP_ONLY)
def test_what_goes_by_a_step_is_told_to_those_who_may_and_refused_to_all_others(
    sites: dict[tuple[str, str], Site], operation: Callable[[Site], Request]
) -> None:
    found = sites["centre", "registered"]
    method, path, content = operation(found)

    answers = ask(found.world, [(found.cast[letter], method, path, content) for letter in "CM"])

    assert refusals(found, (method, path, content), {"C", "M"}) == refused(found, {"C", "M"})
    assert [answer.status_code for answer in answers] == [409, 409]


def test_who_wrote_a_draft_down_for_a_body_below_corrects_it_until_it_is_registered(world: World) -> None:
    centre = organization("yunxi-centre").id
    case = world.create("officer-xu", submit=False, organization_id=centre)
    found = Site(world, case["id"], {})

    def amended(who: str) -> int:
        return ask(world, [(who, *amend_case(found))])[0].status_code

    before = {who: amended(who) for who in ("officer-xu", "supervisor-tang", "clerk-lin")}
    given = {"channel": "walk_in", "written_or_oral": "written", "received_on": "2026-06-15", "reason": "欠薪"}
    world.take(case["id"], "submit_intake", **given)
    after = {who: amended(who) for who in ("officer-xu", "supervisor-tang", "clerk-lin")}

    assert before == {"officer-xu": 200, "supervisor-tang": 403, "clerk-lin": 200}
    assert after == {"officer-xu": 403, "supervisor-tang": 403, "clerk-lin": 200}


def _closed(world: World) -> Site:
    return Site(world, ended(world)["id"], {"C": "clerk-lin", "u": "officer-xu", "s": "supervisor-tang"})


def _proposed(found: Site) -> str:
    given = {"case_id": found.case_id, "reason": "retention_over"}
    return found.made(("POST", "/v1/disposals", {"json": given}), "s")


def test_only_supervisors_of_the_body_or_above_decide_that_a_file_is_destroyed(world: World) -> None:
    found = _closed(world)
    propose: Request = ("POST", "/v1/disposals", {"json": {"case_id": found.case_id, "reason": "retention_over"}})
    erase: Request = ("POST", f"{found.path}/parties/{found.party()}/erasure", {"json": {"reason": "期限届满"}})
    before = [refusals(found, request, {"s"}) for request in (propose, erase)]

    disposal = f"/v1/disposals/{_proposed(found)}"

    withdraw: Request = ("POST", f"{disposal}/withdrawal", {})
    confirm: Request = ("POST", f"{disposal}/confirmation", {})
    during = [refusals(found, request, {"s"}) for request in (withdraw, confirm)]
    found.made(withdraw, "s")
    found.made(erase, "s")
    again = f"/v1/disposals/{_proposed(found)}/confirmation"
    by_oneself, by_another = ask(world, [("supervisor-tang", "POST", again, {}), ("supervisor-yan", "POST", again, {})])
    assert [*before, *during] == [refused(found, {"s"})] * 4
    assert (by_oneself.status_code, by_another.status_code) == (403, 200)
    assert world.today >= AFTER_TEN_YEARS


def test_nobody_who_does_not_see_a_case_is_told_so_by_what_they_sent(sites: dict[tuple[str, str], Site]) -> None:
    """Days still to come, fields that a purpose does not need, parties that are none: asked after who it is."""
    found, ahead = sites["centre", "registered"], "2026-12-31"
    wrong: list[Request] = [
        ("POST", f"{found.path}/sharing-records", {"json": {**record_sharing(found)[2]["json"], "shared_on": ahead}}),
        ("POST", f"{found.path}/consents", {"json": {**record_consent(found)[2]["json"], "given_on": ahead}}),
        ("POST", f"{found.path}/consents", {"json": {**record_consent(found)[2]["json"], "party_id": UNKNOWN}}),
        ("POST", f"{found.path}/consents/{UNKNOWN}/withdrawal", {"json": {"withdrawn_on": ahead}}),
        ("POST", f"{found.path}/data-requests/{UNKNOWN}/answer", {"json": {"outcome": "fulfilled"}}),
        (
            "POST", f"{found.path}/parties/{UNKNOWN}/data-requests",
            {"json": {"kind": "copy", "received_on": ahead}},
        ),
        (
            "POST", f"{found.path}/parties/{UNKNOWN}/reveal",
            {"json": {"fields": ["bank_account"], "purpose": "identity_check"}},
        ),
        ("PATCH", found.path, {"json": {"received_on": ahead}}),
    ]  # fmt: skip

    answers = {who: [told(answer) for answer in ask(found.world, [(who, *one) for one in wrong])] for who in
               ("clerk-fang", "auditor-feng")}  # fmt: skip

    assert answers["clerk-fang"] == [(404, "not_found")] * len(wrong)
    assert answers["auditor-feng"] == [(403, "not_permitted")] * len(wrong)


def test_every_operation_that_writes_on_a_case_has_its_row_here_and_on_the_page() -> None:
    described = {
        entry["operationId"]
        for path, methods in OPENAPI["paths"].items()
        for method, entry in methods.items()
        if method != "get" and "/steps/" not in path and path.startswith(("/v1/cases/{case_id}", "/v1/disposals"))
    }

    names = {operation.__name__ for _, operation, _ in WRITTEN}
    names |= {"amend_party"} | OF_AN_ENDED_CASE | ELSEWHERE
    variants = {"amend_worker", "amend_name", "amend_employer", "answer_erasure", "export_data"}
    assert names - variants == described
    assert [name for name in sorted(described | {"export_data"}) if f"`{name}`" not in PAGE] == []
