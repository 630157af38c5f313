"""What users do with kazoo, played against a ZooKeeper: `scenarios.py HOST:PORT`.

One JSON line a scenario on standard output: {"scenario", "passed", "saw"}. What it saw holds nothing of the moment (no session
ids, zxids, times), so two servers can be compared. `{"please": "restart"}` asks whoever runs this to restart the server; any
line on standard input says that it is back.
"""
import json
import logging
import socket
import sys
import threading
import time
import traceback

from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import BadVersionError, RolledBackError, RuntimeInconsistency
from kazoo.security import make_acl

HOSTS = sys.argv[1]
WITHIN = 15
SESSION = 4.0


def connected(hosts=HOSTS, **options):
    client = KazooClient(hosts=hosts, timeout=SESSION, **options)
    client.start(timeout=WITHIN)
    return client


class Clients:
    """Clients for one scenario, stopped at its end."""

    def __init__(self):
        self.all = []

    def __call__(self, **options):
        client = connected(**options)
        self.all.append(client)
        return client

    def stop(self):
        for client in self.all:
            client.stop()
            client.close()


def until(what, probe):
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        value = probe()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("%s did not happen within %d s" % (what, WITHIN))


def refusal(call, *args, **options):
    """The name of the exception that a call ends with."""
    try:
        call(*args, **options)
    except Exception as error:  # any kind: its name is the result
        return type(error).__name__
    return "nothing"


def stat(s):
    return {
        "version": s.version,
        "cversion": s.cversion,
        "aversion": s.aversion,
        "ephemeral": s.ephemeralOwner != 0,
        "length": s.dataLength,
        "children": s.numChildren,
        "changed": s.mzxid != s.czxid,
        "children changed": s.pzxid != s.czxid,
    }


def in_thread(work, *args):
    thread = threading.Thread(target=work, args=args, daemon=True)
    thread.start()
    return thread


def ended(thread):
    thread.join(WITHIN)
    assert not thread.is_alive(), "a thread did not end"


def basics(clients):
    zk = clients()
    saw = []
    saw.append(zk.create("/basics", b"one", makepath=True))
    saw.append(stat(zk.exists("/basics")))
    saw.append(zk.exists("/basics/none"))
    saw.append(stat(zk.set("/basics", b"two")))
    data, s = zk.get("/basics")
    saw.append([data.decode(), stat(s)])
    path, s = zk.create("/basics/created2", b"x" * 1000, include_data=True)
    saw.append([path, stat(s)])
    saw.append([zk.create("/basics/s-", sequence=True) for _ in range(3)])
    saw.append(zk.create("/basics/e-", ephemeral=True, sequence=True))
    children, s = zk.get_children("/basics", include_data=True)
    saw.append([sorted(children), stat(s)])
    saw.append(refusal(zk.create, "/basics"))
    saw.append(refusal(zk.create, "/none/child"))
    saw.append(refusal(zk.set, "/basics", b"", version=7))
    saw.append(refusal(zk.delete, "/basics", version=7))
    saw.append(refusal(zk.delete, "/basics"))
    saw.append(refusal(zk.get, "/basics/none"))
    saw.append(refusal(zk.get_children, "/basics/none"))
    zk.create("/basics/ephemeral", ephemeral=True)
    saw.append(refusal(zk.create, "/basics/ephemeral/child"))
    saw.append(zk.ensure_path("/basics/a/b/c"))
    saw.append(zk.sync("/basics"))
    saw.append(sorted(zk.get_children("/zookeeper")))
    zk.delete("/basics", recursive=True)
    saw.append(zk.exists("/basics"))
    saw.append(refusal(zk.create, "/big", b"x" * (1024 * 1024)) != "nothing")
    until("to be connected again", lambda: zk.connected)
    return saw


def large_values(clients):
    zk = clients()
    value = bytes(range(256)) * 4000
    zk.create("/large", value)
    assert zk.get("/large")[0] == value
    zk.set("/large", b"")
    saw = [stat(zk.get("/large")[1]), zk.get("/large")[0] == b""]
    names = ["child-%05d" % number for number in range(3000)]
    for result in [zk.create_async("/large/" + name) for name in names]:
        result.get(timeout=WITHIN)
    assert sorted(zk.get_children("/large")) == names
    return saw + [stat(zk.exists("/large"))]


def chroot(clients):
    outside = clients()
    outside.ensure_path("/chroot/inside")
    zk = clients(hosts=HOSTS + "/chroot/inside")
    zk.create("/node", b"x")
    seen = []
    zk.get("/node", watch=lambda event: seen.append([event.type, event.path]))
    outside.set("/chroot/inside/node", b"y")
    until("the event", lambda: seen)
    return [outside.get("/chroot/inside/node")[0].decode(), zk.get_children("/"), seen]


def acls(clients):
    zk = clients()
    zk.create("/acls", b"x")
    entries, s = zk.get_acls("/acls")
    saw = [[[e.perms, e.id.scheme, e.id.id] for e in entries], stat(s)]
    saw.append(stat(zk.set_acls("/acls", [make_acl("world", "anyone", read=True, admin=True)])))
    saw.append([[e.perms, e.id.scheme, e.id.id] for e in zk.get_acls("/acls")[0]])
    saw.append(refusal(zk.set, "/acls", b"y"))
    saw.append(refusal(zk.create, "/acls/child"))
    saw.append(zk.get("/acls")[0].decode())
    saw.append(refusal(zk.set_acls, "/acls", [make_acl("no such scheme", "x", all=True)]))
    saw.append(refusal(zk.set_acls, "/acls", [make_acl("world", "anyone", all=True)], version=7))
    zk.set_acls("/acls", [make_acl("world", "anyone", all=True)])
    zk.delete("/acls")
    return saw


def words(clients):
    zk = clients()
    saw = [zk.command(b"ruok")]
    for word in (b"srvr", b"stat", b"mntr", b"conf", b"cons"):
        text = zk.command(word)
        assert text, "no answer to %s" % word
        saw.append([word.decode(), "not executed" in text])
    assert "Mode: standalone" in zk.command(b"srvr")
    return saw + [zk.command(b"dump")]


def transactions(clients):
    zk = clients()
    saw = []

    def outcome(results):
        return [r if isinstance(r, str) else type(r).__name__ for r in results]

    t = zk.transaction()
    t.create("/transaction", b"1")
    t.create("/transaction/child-", sequence=True)
    t.set_data("/transaction", b"2")
    t.check("/transaction", version=1)
    t.delete("/transaction/child-0000000000")
    saw.append(outcome(t.commit()))
    t = zk.transaction()
    t.create("/transaction/first")
    t.check("/transaction", version=9)
    t.delete("/transaction")
    results = t.commit()
    assert [type(r) for r in results] == [RolledBackError, BadVersionError, RuntimeInconsistency], results
    saw.append(outcome(results))
    saw.append([zk.get_children("/transaction"), stat(zk.exists("/transaction"))])
    with zk.transaction() as t:
        t.create("/transaction/with")
    saw.append(zk.get_children("/transaction"))
    saw.append(outcome(zk.transaction().commit()))
    return saw


def one_shot_watches(clients):
    zk, other = clients(), clients()
    seen = []

    def watch(event):
        seen.append([event.type, event.path])

    def event_of(action):
        count = len(seen)
        action()
        until("an event", lambda: len(seen) > count)

    zk.exists("/watched", watch=watch)
    event_of(lambda: other.create("/watched"))
    zk.get("/watched", watch=watch)
    event_of(lambda: other.set("/watched", b"x"))
    other.set("/watched", b"y")
    zk.get_children("/watched", watch=watch)
    event_of(lambda: other.create("/watched/child"))
    zk.exists("/watched/child", watch=watch)
    event_of(lambda: other.delete("/watched/child"))
    zk.get("/watched", watch=watch)
    event_of(lambda: other.delete("/watched"))
    zk.sync("/")
    return seen


def data_watch(clients):
    zk, other = clients(), clients()
    seen = []

    @zk.DataWatch("/data-watch")
    def _(data, s, event):
        seen.append([data.decode() if data is not None else None, s.version if s else None, event.type if event else None])

    until("the first call", lambda: len(seen) == 1)
    other.create("/data-watch", b"1")
    until("creation", lambda: len(seen) == 2)
    other.set("/data-watch", b"2")
    until("a change", lambda: len(seen) == 3)
    other.delete("/data-watch")
    until("deletion", lambda: len(seen) == 4)
    other.create("/data-watch", b"3")
    until("creation again", lambda: len(seen) == 5)
    return seen


def children_watch(clients):
    zk, other = clients(), clients()
    other.create("/children-watch")
    seen = []

    @zk.ChildrenWatch("/children-watch")
    def _(children):
        seen.append(sorted(children))

    for number, name in enumerate(("a", "b", "c")):
        other.create("/children-watch/" + name)
        until("a child", lambda: len(seen) == number + 2)
    other.delete("/children-watch/b")
    until("a deletion", lambda: len(seen) == 5)
    return seen


def lock(clients):
    first, second, third = clients(), clients(), clients()
    saw = []
    held = first.Lock("/lock", "first")
    saw.append(held.acquire(timeout=WITHIN))
    waiting = second.Lock("/lock", "second")
    saw.append(waiting.acquire(blocking=False))
    saw.append(refusal(waiting.acquire, timeout=0.2))
    order = []

    def contend(client, name):
        with client.Lock("/lock", name):
            order.append(name)

    threads = []
    for client, name in ((second, "second"), (third, "third")):
        threads.append(in_thread(contend, client, name))
        until("a contender", lambda: len(first.get_children("/lock")) == len(threads) + 1)
    saw.append(held.contenders())
    held.release()
    for thread in threads:
        ended(thread)
    saw.append(order)
    # Its holder goes, and with its session its node.
    saw.append(first.Lock("/lock", "first").acquire(timeout=WITHIN))
    first.stop()
    saw.append(second.Lock("/lock", "second").acquire(timeout=WITHIN))
    return saw


def read_write_lock(clients):
    one, two = clients(), clients()
    saw = [one.ReadLock("/rw").acquire(timeout=WITHIN), two.ReadLock("/rw").acquire(timeout=WITHIN)]
    saw.append(refusal(two.WriteLock("/rw").acquire, timeout=0.2))
    one.stop()
    return saw


def semaphore(clients):
    one, two = clients(), clients()
    first, second, third = (c.Semaphore("/semaphore", max_leases=2) for c in (one, two, two))
    saw = [first.acquire(timeout=WITHIN), second.acquire(timeout=WITHIN), third.acquire(blocking=False)]
    saw.append(len(second.lease_holders()))
    got = []
    thread = in_thread(lambda: got.append(two.Semaphore("/semaphore", max_leases=2).acquire(timeout=WITHIN)))
    first.release()
    ended(thread)
    return saw + got


def election(clients):
    led = []
    go_on = {name: threading.Event() for name in "abc"}
    threads = []
    watcher = clients()

    def lead(name):
        led.append(name)
        assert go_on[name].wait(WITHIN)

    for name in "abc":
        client = clients()
        threads.append(in_thread(client.Election("/election", name).run, lead, name))
        until("a contender", lambda: len(watcher.Election("/election").contenders()) == len(threads))
    until("a leader", lambda: led == ["a"])
    saw = [watcher.Election("/election").contenders()]
    for number, name in enumerate("abc"):
        until("the next leader", lambda: len(led) == number + 1)
        go_on[name].set()
        ended(threads[number])
    return saw + [led]


def barriers_and_counter(clients):
    one, two = clients(), clients()
    barrier = one.Barrier("/barrier")
    barrier.create()
    saw = [two.Barrier("/barrier").wait(0.2)]
    thread = in_thread(lambda: saw.append(two.Barrier("/barrier").wait(WITHIN)))
    saw.append(barrier.remove())
    ended(thread)
    saw.sort(key=str)
    entered = []

    def meet(client, name):
        double = client.DoubleBarrier("/double", 2, identifier=name)
        double.enter()
        entered.append(name)
        double.leave()

    threads = [in_thread(meet, one, "one"), in_thread(meet, two, "two")]
    for thread in threads:
        ended(thread)
    saw.append(sorted(entered))

    def count(client):
        counter = client.Counter("/counter")
        for _ in range(10):
            counter += 2

    threads = [in_thread(count, one), in_thread(count, two)]
    for thread in threads:
        ended(thread)
    return saw + [one.Counter("/counter").value]


def queue_and_party(clients):
    one, two = clients(), clients()
    queue = one.LockingQueue("/queue")
    queue.put_all([b"a", b"b"])
    queue.put(b"urgent", priority=1)
    other = two.LockingQueue("/queue")
    saw = []
    for _ in range(3):
        saw.append(other.get(timeout=WITHIN).decode())
        other.consume()
    parties = [one.Party("/party", "one"), two.Party("/party", "two")]
    for party in parties:
        party.join()
    saw.append(sorted(parties[0]))
    parties[1].leave()
    return saw + [list(parties[0])]


def session_expiry(clients):
    zk = clients()
    states = []
    zk.add_listener(lambda state: states.append(str(state)))
    zk.create("/expiry", b"x", ephemeral=True, makepath=True)
    lost = threading.Event()
    zk.add_listener(lambda state: lost.set() if state == KazooState.LOST else None)
    events = []
    other = clients()
    other.exists("/expiry", watch=lambda event: events.append([event.type, event.path]))
    # Somebody else ends the session.
    clients(client_id=zk.client_id).stop()
    assert lost.wait(WITHIN), "the session is not lost"
    until("a new session", lambda: zk.connected and states[-1] == "CONNECTED")
    until("the event", lambda: events)
    zk.create("/expiry", b"new", ephemeral=True)
    return [states[-2:], events, zk.get("/expiry")[0].decode()]


def expiry_by_time(clients):
    zk, other = clients(), clients()
    zk.create("/by-time", ephemeral=True)
    gone = threading.Event()
    other.exists("/by-time", watch=lambda event: gone.set())
    began = time.monotonic()
    # It dies without a word: no end of its session, and no other connection.
    zk._stopped.set()
    zk._connection._socket.shutdown(socket.SHUT_RDWR)
    assert gone.wait(WITHIN), "the ephemeral stays"
    return [1 < time.monotonic() - began < 3 * SESSION, other.exists("/by-time")]


def connection_cut(clients):
    zk, other = clients(), clients()
    session = zk.client_id[0]
    zk.create("/cut", b"1", ephemeral=True)
    states, seen = [], []
    zk.add_listener(lambda state: states.append(str(state)))

    @zk.DataWatch("/cut")
    def _(data, s):
        seen.append(data.decode() if data is not None else None)

    until("the first call", lambda: seen == ["1"])
    zk._connection._socket.shutdown(socket.SHUT_RDWR)
    until("to be connected again", lambda: states == ["SUSPENDED", "CONNECTED"])
    other.set("/cut", b"2")
    until("the change", lambda: seen[-1] == "2")
    return [zk.client_id[0] == session, seen, stat(zk.exists("/cut"))]


def server_restart(clients):
    zk, other = clients(), clients()
    session = zk.client_id[0]
    zk.create("/restart", b"kept")
    zk.create("/restart/ephemeral", ephemeral=True)
    states = []
    zk.add_listener(lambda state: states.append(str(state)))
    say({"please": "restart"})
    sys.stdin.readline()
    until("to be connected again", lambda: states and states[-1] == "CONNECTED" and other.connected)
    saw = [zk.client_id[0] == session, "LOST" in states]
    saw.append([zk.get("/restart")[0].decode(), stat(zk.exists("/restart"))])
    saw.append(stat(other.exists("/restart/ephemeral")))
    seen = []

    @other.ChildrenWatch("/restart")
    def _(children):
        seen.append(children)

    zk.stop()
    until("the end of the ephemeral", lambda: seen == [["ephemeral"], []])
    return saw + [seen]


SCENARIOS = [
    basics,
    large_values,
    chroot,
    acls,
    words,
    transactions,
    one_shot_watches,
    data_watch,
    children_watch,
    lock,
    read_write_lock,
    semaphore,
    election,
    barriers_and_counter,
    queue_and_party,
    session_expiry,
    expiry_by_time,
    connection_cut,
    server_restart,
]


def say(line):
    print(json.dumps(line), flush=True)


def run(scenario):
    clients = Clients()
    try:
        saw = scenario(clients)
        return {"scenario": scenario.__name__, "passed": True, "saw": saw}
    except BaseException:
        return {"scenario": scenario.__name__, "passed": False, "saw": traceback.format_exc()}
    finally:
        clients.stop()


logging.basicConfig(level=logging.CRITICAL)
for each in SCENARIOS:
    say(run(each))
