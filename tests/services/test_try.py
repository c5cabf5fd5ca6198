from tests.services.test_statements import *
import json
def test_try(world, process, counter):
    w=process
    draft=world.create(submit=False); dp=draft["parties"]; dc=draft["claims"][0]
    cid=draft["id"]
    P=lambda s: person(s).id
    def go(op, subject, method, path, version=None, body=None):
        h={"Idempotency-Key": op+str(go.n)}; go.n+=1
        if version: h["If-Match"]=f'"{version}"'
        kw={"headers":h}
        if body is not None: kw["json"]=body
        with counter.counted() as f: r=w.send(subject, method, path, **kw)
        print(f"{op:26}", world.database.dialect, r.status_code, len(f), [x.split()[0] if world.database.dialect=='sqlite' else x.split(chr(9))[2] for x in f], r.text[:150] if r.status_code>=400 else "")
        return r
    go.n=0
    go("create_case","clerk-lin","POST","/v1/cases",body=new_case(submit=False))
    go("create_case submit","clerk-lin","POST","/v1/cases",body=new_case())
    for q in ("","?scope=me","?scope=organization&state=draft&flags=urgent&party_prefix=张"): go("list_cases"+q,"clerk-lin","GET","/v1/cases"+q)
    for op in ("","/steps","/deadlines","/history","/history/verification"): go("read"+op,"clerk-lin","GET",f"/v1/cases/{cid}{op}")
    go("amend_case","clerk-lin","PATCH",f"/v1/cases/{cid}",1,{"urgent":True})
    r=go("add_party","clerk-lin","POST",f"/v1/cases/{cid}/parties",None,party_of("worker","李四",role="co_applicant"))
    go("amend_party","clerk-lin","PATCH",f"/v1/cases/{cid}/parties/{r.json()['id']}",1,{"name":"王五"})
    go("amend_party personal","clerk-lin","PATCH",f"/v1/cases/{cid}/parties/{r.json()['id']}",2,{"phone":"13900000000"})
    r=go("add_claim","clerk-lin","POST",f"/v1/cases/{cid}/claims",None,{"code":"overtime_pay"})
    go("amend_claim","clerk-lin","PATCH",f"/v1/cases/{cid}/claims/{dc['id']}",1,{"amount":"1.00"})
    r=go("assign","clerk-lin","POST",f"/v1/cases/{cid}/assignments",None,{"person_id":P("volunteer-he"),"role":"volunteer"})
    go("end_assignment","clerk-lin","DELETE",f"/v1/cases/{cid}/assignments/{r.json().get('id')}")
    go("take","clerk-lin","POST",f"/v1/cases/{cid}/steps/submit_intake",world.case(cid).version,{"channel":"walk_in","written_or_oral":"written","received_on":"2026-06-15","reason":"x"})
    go("orgs","clerk-lin","GET","/v1/organizations")
    r=go("org","admin-qian","POST","/v1/organizations",None,{"parent_id":organization("city-union").id,"kind":"township_org","name":"n","short_name":"新镇"})
    go("org","admin-qian","GET",f"/v1/organizations/{r.json().get('id')}")
    go("org","admin-qian","PATCH",f"/v1/organizations/{r.json().get('id')}",1,{"name":"m"})
    go("people","clerk-lin","GET","/v1/people")
    r=go("create_person","supervisor-tang","POST","/v1/people",None,{"subject":"new-one","name":"新人"})
    pid=r.json().get("id")
    go("read_person","clerk-lin","GET",f"/v1/people/{P('mediator-zhou')}")
    go("amend_person","supervisor-tang","PATCH",f"/v1/people/{pid}",1,{"name":"新新"})
    r=go("add_membership","supervisor-tang","POST",f"/v1/people/{pid}/memberships",None,{"organization_id":CENTRE,"roles":["clerk"]})
    go("end_membership","supervisor-tang","DELETE",f"/v1/people/{pid}/memberships/{r.json().get('id')}")
    go("me","clerk-lin","GET","/v1/me")
    go("calendars","clerk-lin","GET","/v1/calendars")
    go("preview","clerk-lin","POST","/v1/terms/D_MED_15/preview",None,{"start":"2026-06-15"})
    go("count","clerk-lin","POST","/v1/calendar/count",None,{"start":"2026-06-15","length":3,"unit":"working_day","roll":True})
    print(sorted(offered()))
