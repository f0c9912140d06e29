"""Load on a running peer; each function returns one row, a failed run included."""
import http.client
import json
import re
import subprocess
import sys
import time

from .machine import BENCH
from .stage import LOAD_CORE, Failure, get

PINNED = ["taskset", "-c", str(LOAD_CORE)]


def saturate(peer, connections, seconds):
    """wrk as fast as the peer answers. CPU per answer is the peer's own user and system time."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "5s"]
    scheme = "https" if peer.secure else "http"
    command += ["-s", str(BENCH / "load/summary.lua"), f"{scheme}://127.0.0.1:{peer.port}{peer.path}"]

    def run():
        status, _, body = get(peer.port, peer.path, secure=peer.secure)
        if status != 200:
            raise Failure(f"status {status} before the run")
        row = measured(peer, lambda: output(command, seconds + 30))
        # wrk counts 4xx and 5xx as failed, but a redirect only shows in its size.
        if row["bytes"] < row["answered"] * len(body):
            raise Failure("answers are shorter than they should be")
        row["rps"] = row["answered"] / row["seconds"]
        return row

    return guarded(run)


STREAMS = re.compile(r"finished in ([0-9.]+)s.*?requests: .*? (\d+) failed.*?status codes: (\d+) 2xx", re.S)


def streams(peer, seconds):
    """h2load: 100 streams on each of 10 connections, as fast as the peer answers."""
    scheme = "https" if peer.secure else "http"
    command = ["h2load", "-t1", "-c10", "-m100", "-D", str(seconds), f"{scheme}://127.0.0.1:{peer.port}{peer.path}"]

    def run():
        row = measured(peer, lambda: counted(command, seconds + 30))
        row["rps"] = row["answered"] / row["seconds"]
        return row

    return guarded(run)


def counted(command, timeout):
    done = subprocess.run(PINNED + command, capture_output=True, text=True, timeout=timeout, check=False)
    found = STREAMS.search(done.stdout)
    if not found:
        raise Failure("h2load printed no result: " + done.stdout[-200:])
    return {
        "answered": int(found[3]), "seconds": float(found[1]), "failed": int(found[2]), "failures": "of h2load",
    }


def steady(peer, rate, seconds, warm_up, classes, java, connections=64):
    """Requests at a fixed rate, timed from when each was due."""
    command = [str(java), "-XX:+UseSerialGC", "-Xms128m", "-Xmx128m", "-cp", str(classes), "OpenLoop"]
    command += [str(each) for each in (peer.port, peer.path, int(rate), seconds, warm_up, connections)]

    def run():
        row = measured(peer, lambda: output(command, seconds + warm_up + 30))
        if row["rps"] < rate * 0.95:
            row["failure"] = f"only {row['rps']:.0f} of {rate:.0f} requests/s could be sent"
        return row

    return guarded(run)


def measured(peer, run):
    before, compiled, begin = peer.process.cpu(), peer.process.compiling(), time.monotonic()
    row = run()
    (user, system), wall = peer.process.cpu(), time.monotonic() - begin
    kernel = system - before[1]
    used = user - before[0] + kernel
    compiled = peer.process.compiling() - compiled
    if row["failed"]:
        raise Failure(f"{row['failed']} of {row['failed'] + row['answered']} failed: {row['failures']}")
    if not row["answered"]:
        raise Failure("zero throughput")
    if not peer.process.alive():
        raise Failure(f"{peer.name} ended: {peer.process.last_words()}")
    row["cpu_us"] = used * 1e6 / row["answered"]
    row["kernel_us"] = kernel * 1e6 / row["answered"]
    row["core"] = used / wall
    if peer.java:
        row["jit"] = max(0, compiled / used)
    return row


def output(command, timeout):
    """The one line of JSON that a load program prints last."""
    try:
        done = subprocess.run(
            PINNED + command, capture_output=True, text=True, timeout=timeout, check=False
        )
        return json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        raise Failure(f"{command[0]} did not end in {timeout} s") from None
    except (ValueError, IndexError):
        words = (done.stderr or done.stdout).strip().splitlines()
        raise Failure(f"{command[0]} printed no result: {' '.join(words[-2:])}") from None


def guarded(run):
    try:
        return run()
    except (Failure, OSError, http.client.HTTPException) as failure:
        return {"failure": str(failure) or type(failure).__name__}


class Idle:
    """Connections that were used once and are silent now, held by a process of their own."""

    def __init__(self, stage, peer, count):
        command = [sys.executable, BENCH / "load/idle.py", peer.port, count, peer.path]
        self.count = count
        self.process = stage.start(
            "idle", LOAD_CORE, command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        if self.process.popen.stdout.readline().strip() != b"open":
            raise Failure(f"opening {count} connections: {self.process.last_words()}")

    def release(self):
        """Lets all go; a connection that the peer had closed is a failure."""
        left, _ = self.process.popen.communicate(timeout=30)
        if int(left or 0) != self.count:
            raise Failure(f"only {int(left or 0)} of {self.count} connections stayed open")


def download(peer, path, length):
    """Returns seconds; the body has to have this length."""
    begin = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    buffer, got = bytearray(1 << 18), 0
    while read := answer.readinto(buffer):
        got += read
    connection.close()
    if answer.status != 200 or got != length:
        raise Failure(f"download: status {answer.status}, {got} of {length} bytes")
    return time.monotonic() - begin


def upload(peer, path, length):
    """Returns seconds; the backend has to have read this many bytes."""
    begin = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", peer.port, timeout=60)
    connection.putrequest("PUT", path)
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    block = bytes(1 << 18)
    for _ in range(length // len(block)):
        connection.send(block)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200 or body != str(length).encode():
        raise Failure(f"upload: status {answer.status}, body {body[:80]!r}")
    return time.monotonic() - begin
