from tests.services.world import *
from tests.services.counting import count_statements
def test_try(database_url):
  with open_world(database_url) as w0:
    world=w0.another(threads=1)
    counter=count_statements(world.database)
    world.database.run_read(lambda u: u.connection.exec_driver_sql("select 1"))
    world.database.run_write(lambda u: u.connection.exec_driver_sql("select 1"))
    orig=world.answer
    def answer(case_id, action, subject="clerk-lin", **k):
        k.setdefault("version", w0.case(case_id).version); k.setdefault("key", f"{action}")
        with counter.counted() as found:
            a=orig(case_id, action, subject, **k)
        print(action, len(found), [f[:28] for f in found] if len(found)<14 else "")
        return a
    World_answer=World.answer
    try:
        World.answer=lambda self,*a,**k: answer(*a,**k) if self is world and 'version' not in k else World_answer(self,*a,**k)
        orig=lambda *a,**k: World_answer(world,*a,**k)
        for _ in range(2):
            with counter.counted() as f: c=world.create()
            print("create", len(f), [x[:28] for x in f])
            World_ans=0
            break
        mediate(world,c["id"]); agree(world,c["id"],["2026-06-20","2026-07-20"])
    finally: World.answer=World_answer
