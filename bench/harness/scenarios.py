"""The scenarios. Rounds go over all peers before the next begins, so that drift meets all alike."""
import resource
import statistics
import time

from . import load
from .stage import Failure, get

IDLE_CONNECTIONS = 10_000
RATE = 2000
SETTLED = 0.03
MIB = 1 << 20
BIG, SMALL = 1024 * MIB, 64 * MIB


class Run:
    """One run of the comparison: options, what was started, and the rows measured so far."""

    def __init__(self, options, stage, backends, factory, classes):
        self.options, self.stage, self.backends = options, stage, backends
        self.factory, self.classes = factory, classes
        self.java = next(iter(factory.jdks.values())) / "bin/java"
        self.rows = []
        self.ready = {}

    def chosen(self, *names):
        """Those of the names that can run here and were not left out by --only."""
        able = [*self.factory.names(), *self.factory.VARIANTS, "varnish", "direct"]
        only = self.options.only
        return [n for n in names if n in able and (not only or n in only or n == "direct")]

    def everyone(self):
        return self.chosen(*self.factory.names(), *(self.factory.VARIANTS if self.options.only else []))

    def rounds(self):
        return range(1, self.options.rounds + 1)

    def record(self, scenario, case, number, row):
        self.rows.append({"scenario": scenario, "case": case, "round": number, **row})
        print(f"  {scenario:11} {case:24} round {number}  {shown(row)}", flush=True)

    def attempt(self, scenario, case, number, action):
        """Records what the action returns, or why it failed; true when it did not fail."""
        row = load.guarded(action)
        self.record(scenario, case, number, row)
        return "failure" not in row

    def measure(self, scenario, case, number, name, action):
        """As `attempt`, with a peer that is running and warm."""
        return self.attempt(scenario, case, number, lambda: action(self.peer(name)))

    def peer(self, name):
        """A running peer; one that has ended is started anew, and its end was a failure before."""
        known = self.ready.get(name)
        if known is None or not known.process.alive():
            known = self.factory.start(name)
            self.warm(known)
            self.ready[name] = known
        return known

    def warm(self, peer, settle=True):
        """Java compiles while it runs, slowly on one core: on until the compilers have settled."""
        if peer.name == "direct":
            return
        begin = time.monotonic()
        while True:
            row = load.saturate(peer, 64, min(3, self.options.warm_up) if peer.java else 1)
            if "failure" in row:
                raise Failure("warm-up: " + row["failure"])
            jit = row.get("jit", 0)
            spent = time.monotonic() - begin
            enough = spent >= self.options.warm_up and (jit < SETTLED or not settle)
            if not peer.java or enough or spent >= self.options.patience:
                break
        if peer.java and settle:
            print(f"  {peer.name} warmed up for {spent:.0f} s, {jit:.0%} of its CPU still compiles", flush=True)

    def retire(self, names):
        for name in names:
            if name != "direct" and name in self.ready:
                self.ready.pop(name).process.stop()


def proxy(run):
    """64 keep-alive connections as fast as each peer can."""
    seconds = run.options.seconds
    for number in run.rounds():
        for name in run.everyone():
            run.measure("proxy", name, number, name, lambda p: load.saturate(p, 64, seconds))
        if run.options.fresh:
            run.retire(run.everyone())


def tls(run):
    """64 connections with TLS 1.3 to client and backend, as fast as each peer can."""
    seconds = run.options.seconds
    peers = {name: run.factory.start_secure(name)[0] for name in run.chosen("sluice", "nginx")}
    for peer in peers.values():
        run.warm(peer)
    for number in run.rounds():
        for name, peer in peers.items():
            run.attempt("tls", name, number, lambda: load.saturate(peer, 64, seconds))
    for peer in peers.values():
        peer.process.stop()


def h2(run):
    """HTTP/2 from 10 connections with 100 streams each, as fast as each peer can."""
    seconds = run.options.seconds
    peers = {}
    for name in run.chosen("sluice", "nginx"):
        peers[name] = run.peer(name) if name == "sluice" else run.factory.start_secure(name)[1]
        load.streams(peers[name], run.options.warm_up if peers[name].java else 1)
    run.warm(peers["sluice"]) if "sluice" in peers else None
    load.streams(peers["sluice"], run.options.warm_up) if "sluice" in peers else None
    for number in run.rounds():
        for name, peer in peers.items():
            run.attempt("h2", name, number, lambda: load.streams(peer, seconds))
    if "nginx" in peers:
        peers["nginx"].process.stop()


def fixed(run):
    """The same modest rate for all."""
    for number in run.rounds():
        for name in run.chosen("sluice", "nginx", "haproxy", "reactor-netty", "direct"):
            run.measure("fixed", name, number, name, lambda p: steady(run, p, RATE))


def half(run):
    """Each peer at half of what it can do, and the backend alone at the same rate."""
    names = run.chosen("sluice", "nginx", "haproxy", "reactor-netty")
    rates = {name: saturated(run, name) / 2 for name in names}
    for number in run.rounds():
        for name in names:
            if not rates[name]:
                run.record("half", name, number, {"failure": "its saturated load is not known"})
                continue
            for case, target in ((name, name), (f"direct for {name}", "direct")):
                run.measure("half", case, number, target, lambda p: steady(run, p, rates[name]))


def saturated(run, name):
    """Requests a second in `proxy`, measured here when that did not run; 0 when it failed."""
    known = [r["rps"] for r in run.rows if (r["scenario"], r["case"]) == ("proxy", name) and "rps" in r]
    if known:
        return statistics.median(known)
    case, seconds = f"{name} saturated", run.options.seconds
    run.measure("half", case, 0, name, lambda p: load.saturate(p, 64, seconds))
    return run.rows[-1].get("rps", 0)


def steady(run, peer, rate):
    options = run.options
    return load.steady(peer, rate, options.seconds, min(3, options.seconds), run.classes, run.java)


def memory(run):
    """Answers from memory: stored copies while the backend is dead, and health."""
    names = run.chosen("sluice", "nginx", "varnish")
    doomed = run.backends.start_doomed()
    cases = {}
    for name in names:
        try:
            peer = run.factory.start(name)
        except Failure as failure:
            run.record("memory", name, 0, {"failure": str(failure)})
            continue
        paths = ["/copy", "/health/live", "/health/ready"] if name == "sluice" else ["/copy"]
        for path in paths:
            cases[f"{name} {path}"] = type(peer)(name, peer.port, peer.process, path)
        get(peer.port, "/copy")
        get(peer.port, "/copy")
    doomed.stop()
    for case, peer in list(cases.items()):
        if not run.attempt("memory", case, 0, lambda: served_from_memory(run, peer)):
            del cases[case]
    for number in run.rounds():
        for case, peer in cases.items():
            run.attempt("memory", case, number, lambda: load.saturate(peer, 64, run.options.seconds))
    for peer in cases.values():
        peer.process.stop()


def served_from_memory(run, peer):
    """Warms up, and makes sure that a copy is what is served; then the breaker is open as well."""
    for _ in range(20):
        status, headers, _ = get(peer.port, peer.path)
        if status != 200:
            raise Failure(f"status {status} after the backend's end")
    state = headers.get("Cache-Status", "")
    if (peer.name, peer.path) == ("sluice", "/copy") and "breaker-open" not in state:
        raise Failure(f"the breaker did not open, Cache-Status: {state}")
    run.warm(peer)
    return {"note": f"ready {state}"}


def cache(run):
    """Fresh answers from a shared cache, the backend alive and not asked."""
    doomed = run.backends.start_doomed()
    cases = {}
    for name in run.chosen("sluice", "nginx", "varnish"):
        peer = run.factory.start(name)
        case = type(peer)(name, peer.port, peer.process, "/cached" if name == "sluice" else "/copy")
        cases[f"{name} {case.path}"] = case
        run.attempt("cache", f"{name} {case.path}", 0, lambda: primed(run, case))
    for number in run.rounds():
        for case, peer in cases.items():
            run.attempt("cache", case, number, lambda: load.saturate(peer, 64, run.options.seconds))
    for peer in cases.values():
        peer.process.stop()
    doomed.stop()


def primed(run, peer):
    """Warm, and sure that the copy is what is served."""
    for _ in range(3):
        status, headers, _ = get(peer.port, peer.path)
        if status != 200:
            raise Failure(f"status {status}")
    state = headers.get("Cache-Status", "")
    if peer.name == "sluice" and not state.startswith("sluice; hit"):
        raise Failure(f"nothing is served from the cache: {state}")
    run.warm(peer)
    return {"note": f"ready {state}"}


def idle(run):
    """Memory of 10,000 connections that were used once."""
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    for number in run.rounds():
        for name in run.chosen("sluice", "nginx", "haproxy", "reactor-netty"):
            run.attempt("idle", name, number, lambda: held(run, name, allowed))


def held(run, name, allowed):
    if allowed < IDLE_CONNECTIONS + 1000:
        raise Failure(f"ulimit -n allows only {allowed} open files")
    peer = run.factory.start(name)
    try:
        run.warm(peer, settle=False)
        time.sleep(2)
        before = peer.process.memory()
        holding = load.Idle(run.stage, peer, IDLE_CONNECTIONS)
        time.sleep(3)
        after = peer.process.memory()
        if get(peer.port, peer.path)[0] != 200:
            raise Failure("no answer beside the idle connections")
        holding.release()
        return {"before_mib": before, "after_mib": after, "cost_mib": after - before}
    finally:
        peer.process.stop()


def bodies(run):
    """1 GiB down and up through Sluice, after 64 MiB of each."""
    if not run.chosen("sluice"):
        return
    for length, name in ((SMALL, "small"), (BIG, "big")):
        with (run.stage.folder / "files" / name).open("wb") as file:
            file.truncate(length)
    run.backends.start_sink()
    try:
        peer = run.factory.start("sluice")
    except Failure as failure:
        run.record("bodies", "sluice", 0, {"failure": str(failure)})
        return
    run.attempt("bodies", "down, 64 MiB first", 0, lambda: moved(peer, load.download, "/file/small", SMALL))
    run.attempt("bodies", "up, 64 MiB first", 0, lambda: moved(peer, load.upload, "/sink", SMALL))
    for number in run.rounds():
        run.attempt("bodies", "down", number, lambda: moved(peer, load.download, "/file/big", BIG))
        run.attempt("bodies", "up", number, lambda: moved(peer, load.upload, "/sink", BIG))
    peer.process.stop()


def moved(peer, transfer, path, length):
    process = peer.process
    before, cpu = process.memory(), sum(process.cpu())
    process.forget_peak()
    seconds = transfer(peer, path, length)
    peak, cpu = process.memory("VmHWM"), sum(process.cpu()) - cpu
    time.sleep(1)
    return {
        "before_mib": before,
        "peak_mib": peak,
        "after_mib": process.memory(),
        "growth_mib": peak - before,
        "mib_per_second": length / MIB / seconds,
        "cpu_seconds": cpu,
    }


def connections(run):
    """Throughput with 64 and with 1,000 connections."""
    seconds = run.options.seconds
    for number in run.rounds():
        for name in run.chosen("sluice", "nginx", "haproxy", "reactor-netty"):
            for count in (64, 1000):
                case = f"{name} at {count}"
                run.measure("connections", case, number, name, lambda p: load.saturate(p, count, seconds))


def shown(row):
    if "failure" in row:
        return "FAILURE: " + row["failure"]
    if "note" in row:
        return row["note"]
    if "growth_mib" in row:
        return "RSS {before_mib:.0f} -> {peak_mib:.0f} -> {after_mib:.0f} MiB, {mib_per_second:.0f} MiB/s".format(**row)
    if "cost_mib" in row:
        return "RSS {before_mib:.1f} -> {after_mib:.1f} MiB".format(**row)
    if "p50_us" not in row:
        return "{rps:6.0f}/s  {cpu_us:6.1f} us CPU, {kernel_us:.1f} of it in the kernel".format(**row)
    return "{:6.0f}/s  {:6.1f} us CPU, {:.1f} of it in the kernel  p50 {:.2f} ms  p99 {:.2f} ms  core {:3.0f} %".format(
        row["rps"], row["cpu_us"], row["kernel_us"], row["p50_us"] / 1e3, row["p99_us"] / 1e3, row["core"] * 100
    )


ALL = {each.__name__: each for each in (proxy, tls, h2, fixed, half, connections, memory, cache, idle, bodies)}
