from tests.services.world import *
def test_try(world):
    c=world.create()
    mediate(world,c["id"]); agree(world,c["id"],["2026-06-20","2026-07-20"])
    print(world.verification(c["id"]), world.counts())
