"""Against the fake Instagram in real time: swallowed answers, errors and a dispatcher that dies, and nobody hears anything twice."""

from collections.abc import Callable

from core.clock import SystemClock
from core.host.registry import Registry
from core.runtime.dispatch import Dispatcher
from core.store.store import Store
from core.testing.clock import FixedClock
from core.testing.instagram import FakeInstagram
from tests.runtime_out.conftest import OutHouse
from tests.runtime_out.graph import Graph

Eventually = Callable[[Callable[[], bool]], None]
PEOPLE, EACH = 6, 4


def test_every_message_arrives_once_and_in_order(
    store: Store, clock: FixedClock, registry: Registry, graph: Graph, eventually: Eventually
) -> None:
    house = OutHouse(store, clock, registry, graph)
    house.clock = SystemClock()  # type: ignore[assignment]
    with FakeInstagram(seed=3, rate_limits=False) as instagram:
        ig_id, token = instagram.account("bella.bakery")
        account = house.new_account(ig_id, token)
        instagram.faults.drop_rate = 0.08
        instagram.faults.next("/messages", "drop_before", skip=5)
        instagram.faults.next("/messages", "sent_1357046", skip=9)
        for n in range(PEOPLE):
            instagram.says(f"p{n}", "Hello")
            contact = house.new_contact(instagram.stage.igsid(instagram.thread(f"p{n}")), account)
            house.put(*(house.row(f"p{n} says {i}", contact=contact, account=account) for i in range(EACH)))
        settings = house.settings(graph_url=instagram.graph_url, lease_seconds=1.0, settle_grace_seconds=0.3)

        def started() -> Dispatcher:
            made = Dispatcher(house.db, house.clock, registry, settings, house.sealer)
            made.start()
            return made

        first = started()
        eventually(lambda: first.counts["sent"] >= 4)
        first.stop(0.0)  # what is under way is left to its fate
        second = started()
        eventually(lambda: set(house.states()) == {"sent"})
        second.stop(5.0)
        for n in range(PEOPLE):
            heard = [m.body["text"] for m in instagram.thread(f"p{n}").messages if m.by == "api"]
            assert heard == [f"p{n} says {i}" for i in range(EACH)]
        assert {r[0] for r in house.all("SELECT settled_by FROM outbox")} <= {"response", "lookup"}
