"""Impact assessments and incidents: who keeps them, whom the law still wants told, and what nobody else reads."""

from typing import Any

import httpx
import pytest
from tests.services.world import World

from mediation.demo.people import person

TEXTS = {"title": "证件号码的收集", "necessity": "送达与付款", "risks": "泄露后被冒用", "measures": "加密与脱敏"}
ASSESSED = {"handling": "sensitive_data", "conclusion": "with_measures", **TEXTS}
CAUSE, MEASURES = "材料误发给他人", "已撤回并更换链接"
INCIDENT = {"kind": "leaked", "kinds_of_data": ["contact"], "cause": CAUSE, "harm": "骚扰电话", "measures": MEASURES}


def assess(world: World, who: str = "supervisor-tang", **given: Any) -> httpx.Response:
    return world.send(who, "POST", "/v1/impact-assessments", json={**ASSESSED, **given})


def report(world: World, who: str = "clerk-lin", **given: Any) -> httpx.Response:
    return world.send(who, "POST", "/v1/incidents", json={**INCIDENT, **given})


def amend(world: World, incident: dict[str, Any], who: str = "supervisor-tang", **given: Any) -> httpx.Response:
    path, match = f"/v1/incidents/{incident['id']}", {"If-Match": f'"{incident["version"]}"'}
    return world.send(who, "PATCH", path, json=given, headers=match)


def listed(world: World, register: str, who: str) -> list[dict[str, Any]]:
    found = world.send(who, "GET", f"/v1/{register}")
    assert found.status_code == 200, found.text
    items: list[dict[str, Any]] = found.json()["items"]
    return items


def test_an_assessment_is_kept_three_years_and_read_here_and_above(world: World) -> None:
    kept = assess(world, made_on="2026-06-01", review_on="2027-06-01")

    assert kept.status_code == 201, kept.text
    assert (kept.json()["made_on"], kept.json()["kept_until"]) == ("2026-06-01", "2029-06-01")
    assert {name: kept.json()[name] for name in TEXTS} == TEXTS
    assert listed(world, "impact-assessments", "auditor-feng") == [kept.json()]
    assert listed(world, "impact-assessments", "supervisor-yan") == [kept.json()]
    assert listed(world, "impact-assessments", "supervisor-meng") == []
    assert TEXTS["risks"] not in str(world.rows("select * from impact_assessments"))


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"made_on": "2026-06-16"}, "/made_on"),
        ({"review_on": "2026-06-15"}, "/review_on"),
        ({"handling": "fun"}, "/handling"),
        ({"risks": ""}, "/risks"),
    ],
)
def test_what_is_no_assessment_is_refused_at_its_place(world: World, given: dict[str, Any], pointer: str) -> None:
    found = assess(world, **given)

    assert [error["pointer"] for error in found.json()["errors"]] == [pointer]


@pytest.mark.parametrize("who", ["clerk-lin", "mediator-zhou", "worker-zhang", "court-gao", "admin-qian"])
def test_the_registers_are_read_and_assessments_made_by_those_who_watch_over_the_body(world: World, who: str) -> None:
    reads = [world.send(who, "GET", f"/v1/{register}").status_code for register in ("impact-assessments", "incidents")]

    assert (assess(world, who).status_code, reads) == (403, [403, 403])


def test_an_incident_says_whom_the_law_still_wants_told_until_it_is_over(world: World) -> None:
    first = report(world).json()

    too_early = amend(world, first, closed_on="2026-06-15")
    second = amend(world, first, authority_told_on="2026-06-15", affected=3)
    still = amend(world, second.json(), closed_on="2026-06-15")
    done = amend(world, second.json(), persons_told_on="2026-06-15", closed_on="2026-06-15")
    after = amend(world, done.json(), affected=4)

    assert first["still_to_tell"] == ["authority", "persons"]
    assert second.json()["still_to_tell"] == ["persons"]
    assert (too_early.status_code, still.status_code, done.status_code, after.status_code) == (409, 409, 200, 409)
    assert (done.json()["affected"], done.json()["closed_on"], done.json()["version"]) == (3, "2026-06-15", 3)
    assert done.json()["amended_by"] == person("supervisor-tang").id
    assert listed(world, "incidents", "auditor-feng") == [done.json()]


def test_people_need_not_be_told_where_effective_measures_are_stated_the_authority_always(world: World) -> None:
    first = report(world).json()

    second = amend(world, first, no_notice_reason="文件已加密,无法打开")
    refused = amend(world, second.json(), closed_on="2026-06-15")
    done = amend(world, second.json(), authority_told_on="2026-06-15", closed_on="2026-06-15")

    assert (second.json()["still_to_tell"], refused.status_code) == (["authority"], 409)
    assert (done.status_code, done.json()["cause"]) == (200, CAUSE)
    assert CAUSE not in str(world.rows("select * from incidents"))


def test_whoever_works_there_reports_and_those_who_watch_over_it_go_on(world: World) -> None:
    statuses = {
        who: report(world, who).status_code for who in ("clerk-lin", "mediator-zhou", "worker-zhang", "court-gao")
    }
    incident = listed(world, "incidents", "auditor-feng")[0]

    others = {
        who: amend(world, incident, who, affected=1).status_code
        for who in ("clerk-lin", "supervisor-meng", "auditor-feng")
    }

    assert statuses == {"clerk-lin": 201, "mediator-zhou": 201, "worker-zhang": 403, "court-gao": 403}
    assert others == {"clerk-lin": 403, "supervisor-meng": 404, "auditor-feng": 403}
    assert amend(world, {**incident, "version": 9}, affected=1).status_code == 412
    assert report(world, noticed_on="2026-06-16").status_code == 422
    assert amend(world, incident, authority_told_on="2026-06-16").status_code == 422


def test_records_are_paged(world: World) -> None:
    for _ in range(3):
        report(world)

    page = world.send("auditor-feng", "GET", "/v1/incidents?limit=2").json()
    rest = world.send("auditor-feng", "GET", page["next"]).json()

    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
