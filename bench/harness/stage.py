"""Processes under measurement: started on a core, measured, and stopped on every way out."""
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PROXY_CORE, LOAD_CORE = 0, 1
TICKS = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """A run that does not count as a measurement; it is printed, never dropped."""


class Started:
    """A process and its children."""

    def __init__(self, name, popen, log):
        self.name, self.popen, self.log = name, popen, log

    def tree(self):
        """The ids of the process and of everything below it."""
        parents = {}
        for entry in os.listdir("/proc"):
            fields = stat(entry) if entry.isdigit() else None
            if fields:
                parents.setdefault(int(fields[1]), []).append(int(entry))
        found = [self.popen.pid]
        for pid in found:
            found += parents.get(pid, [])
        return found

    def cpu(self):
        """Seconds of user and of system time so far, of the living and of children that ended."""
        user = system = 0
        for pid in self.tree():
            fields = stat(pid)
            if fields:
                user += int(fields[11]) + int(fields[13])
                system += int(fields[12]) + int(fields[14])
        return user / TICKS, system / TICKS

    def compiling(self):
        """Of these, the seconds that the compiler threads of a Java process have used."""
        total = 0
        for task in Path(f"/proc/{self.popen.pid}/task").glob("*/comm"):
            try:
                if task.read_text().startswith(("C1 ", "C2 ")):
                    total += sum(map(int, stat(f"{self.popen.pid}/task/{task.parent.name}")[11:13]))
            except (FileNotFoundError, ProcessLookupError, TypeError):
                continue
        return total / TICKS

    def memory(self, field="VmRSS"):
        """MiB, of all processes; VmHWM is the peak since `forget_peak`."""
        total = 0
        for pid in self.tree():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith(field + ":"):
                    total += int(line.split()[1])
        return total / 1024

    def forget_peak(self):
        for pid in self.tree():
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def alive(self):
        return self.popen.poll() is None

    def stop(self, how=signal.SIGTERM):
        """By id, with patience for a graceful end and force after it."""
        pids = self.tree() if self.alive() else []
        if self.alive():
            self.popen.send_signal(how)
            try:
                self.popen.wait(15)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()
        for pid in pids[1:]:
            fields = stat(pid)
            if fields and int(fields[1]) == 1:
                os.kill(pid, signal.SIGKILL)

    def last_words(self):
        return " ".join(self.log.read_text(errors="replace").split("\n")[-4:]).strip()


class Stage:
    """A temporary folder and all that was started in it, gone at the end of the with block."""

    def __init__(self):
        self.started = []

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sluice-bench."))
        (self.folder / "files").mkdir()
        return self

    def __exit__(self, *_):
        # A second Ctrl-C must not leave processes behind.
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        for process in reversed(self.started):
            process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, name, core, command, environment=None, **options):
        log = self.folder / f"{name}-{len(self.started)}.log"
        with log.open("wb") as out:
            # Both exec the command, so that the id is the proxy's; it ends with the harness.
            popen = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "taskset", "-c", str(core), *map(str, command)],
                stdin=options.get("stdin", subprocess.DEVNULL),
                stdout=options.get("stdout", out),
                stderr=out,
                env={**os.environ, **{k: str(v) for k, v in (environment or {}).items()}},
                start_new_session=True,
            )
        process = Started(name, popen, log)
        self.started.append(process)
        return process

    def configure(self, template, **values):
        """Fills in a file of conf/ and returns where the filled one lies."""
        target = self.folder / f"{values['NAME']}-{template.name}"
        text = template.read_text()
        for key, value in values.items():
            text = text.replace(f"@{key}@", str(value))
        target.write_text(text)
        return target


def stat(pid):
    """The fields of /proc/PID/stat that follow the name, from the state on; None when gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


UNCHECKED = ssl._create_unverified_context()  # a certificate of the harness's own


def get(port, path, timeout=5, secure=False):
    """Status, headers and body; an HTTP error is an answer as well."""
    url = f"{'https' if secure else 'http'}://127.0.0.1:{port}{path}"
    try:
        with urllib.request.urlopen(url, timeout=timeout, context=UNCHECKED if secure else None) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def await_answer(process, port, path, seconds=60, secure=False):
    """Waits for the first 200; a process that ends or stays silent is a failure."""
    deadline = time.monotonic() + seconds
    last = "no answer"
    while time.monotonic() < deadline:
        if not process.alive():
            raise Failure(f"{process.name} ended: {process.last_words()}")
        try:
            status = get(port, path, secure=secure)[0]
            if status == 200:
                return
            last = f"status {status}"
        except (OSError, urllib.error.URLError) as error:
            last = str(error)
        time.sleep(0.1)
    raise Failure(f"{process.name} did not become ready in {seconds} s: {last}")
