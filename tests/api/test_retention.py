"""The services' short-lived rows go when they are over, by the chore that every worker has; what still counts stays."""

from core.runtime.upkeep import PRUNE_EVERY_MS, plan_upkeep, retention
from core.store.retention import DAY, prune
from core.store.tables.people import idempotency, mail_token, refresh_token, throttle
from tests.api.conftest import API, Person, Town

TABLES = {"refresh_token": refresh_token, "mail_token": mail_token, "idempotency": idempotency}


def rows(town: Town, person: Person) -> dict[str, int]:
    with town.store.read() as tx:
        return {
            name: len(tx.execute(table.select().where(table.c.user_id == person.id)).all())
            for name, table in TABLES.items()
        }


def test_what_is_over_goes_and_what_counts_stays(town: Town, person: Person) -> None:
    body = {"instagramUserId": "178414000099", "accessToken": "IGAA"}
    person.post("/instagram-accounts", body, headers={"Idempotency-Key": "k"})
    person.client.post(f"{API}/auth/login", json={"email": f"no-{person.email}", "password": "wrong wrong wrong"})
    before = rows(town, person)
    assert all(before.values()), before
    now = town.clock.real()
    prune(town.store.db, now)
    assert rows(town, person) == before, "nothing of today is touched"
    prune(town.store.db, now + 3 * DAY)
    assert rows(town, person) == {**before, "idempotency": 0}
    with town.store.read() as tx:
        assert tx.execute(throttle.select()).all() == []
    prune(town.store.db, now + 61 * DAY)
    assert rows(town, person) == {"refresh_token": 0, "mail_token": 0, "idempotency": 0}
    assert person.get("/users/me").status_code in (200, 401), "pruning breaks no request"


def test_every_worker_plans_it(town: Town) -> None:
    from core.runtime.chore_kinds import KINDS

    with town.store.db.write() as tx:
        plan_upkeep(tx, town.clock.real())
        plan_upkeep(tx, town.clock.real())
        assert tx.all("SELECT count(*) FROM chore WHERE kind = 'retention'")[0][0] == 1
        tx.run("DELETE FROM chore WHERE kind = 'retention'")
    assert KINDS["retention"] is retention and PRUNE_EVERY_MS <= DAY
