"""What the comparison needs from the machine: programs, JDKs, jars."""
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
PACKAGES = {
    "wrk": "wrk",
    "nginx": "nginx",
    "haproxy": "haproxy",
    "varnishd": "varnish",
    "gnuplot": "gnuplot-nox",
    "strace": "strace",
    "redis-server": "redis-server",
    "h2load": "nghttp2-client",
    "openssl": "openssl",
}
# Debian keeps servers where the PATH of plain users does not look.
os.environ["PATH"] += ":/usr/sbin"

# What the JVM sees in a container of one core (by taskset) and 1 GiB, started as in the Dockerfile.
JVM_OPTIONS = ["-XX:MaxRAM=1g", "-XX:MaxRAMPercentage=75"]

# Netty's way to memory that Java 24 warns of and Netty then does without, see the Dockerfile.
UNSAFE = ["--sun-misc-unsafe-memory-access=allow", "-Dio.netty.noUnsafe=false"]


class Unprepared(Exception):
    """One sentence on what the machine lacks."""


def install(programs):
    """Installs what is missing from Debian; its services are not left running."""
    missing = [PACKAGES[program] for program in programs if not shutil.which(program)]
    if not missing:
        return
    print("installing " + " ".join(missing), flush=True)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unprepared("install these packages first: " + " ".join(missing))
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    if subprocess.run(["apt-get", "-y", "-qq", "install", *missing], check=False, **quiet).returncode:
        raise Unprepared("apt-get could not install " + " ".join(missing))
    if Path("/run/systemd/system").exists():
        for service in set(missing) & {"nginx", "haproxy", "varnish"}:
            subprocess.run(["systemctl", "disable", "--now", service], check=False)


def jdks():
    """JDK homes by major version, newest first; BENCH_JAVA (a home or its java) comes before all."""
    found = {}
    homes = [Path(home).parent.parent for home in map(str, Path("/usr/lib/jvm").glob("*/bin/javac"))]
    if shutil.which("javac"):
        homes.append(Path(shutil.which("javac")).resolve().parent.parent)
    if os.environ.get("JAVA_HOME"):
        homes.append(Path(os.environ["JAVA_HOME"]))
    for home in homes:
        version = major(home)
        if version >= 17:
            found.setdefault(version, home)
    chosen = os.environ.get("BENCH_JAVA")
    ordered = dict(sorted(found.items(), reverse=True))
    if chosen:
        path = Path(chosen)
        home = path.resolve().parent.parent if path.is_file() else path
        if major(home) < 17:
            raise Unprepared(f"BENCH_JAVA={chosen} is no JDK 17 or newer")
        ordered = {major(home): home, **{v: h for v, h in ordered.items() if v != major(home)}}
    if not ordered:
        raise Unprepared("no JDK 17 or newer was found: install one, or set BENCH_JAVA")
    return ordered


def major(home):
    try:
        release = (home / "release").read_text()
    except OSError:
        return 0
    version = re.search(r'JAVA_VERSION="(\d+)', release)
    return int(version.group(1)) if version and (home / "bin/javac").exists() else 0


def build(sluice_environment, folder, jdk, peers):
    """Sluice by its own launcher, which also checks the route file; then the Java peers and the load."""
    print("building", flush=True)
    run([ROOT / "sluice", "check", "--config", BENCH / "sluice.yaml"], environment=sluice_environment)
    for peer in peers:
        home = BENCH / "peers" / peer
        jar = home / "target/proxy.jar"
        sources = [home / "pom.xml", *(home / "src").rglob("*.*")]
        if not jar.exists() or jar.stat().st_mtime < max(each.stat().st_mtime for each in sources):
            run(["mvn", "-q", "-B", "-f", home / "pom.xml", "package"])
    run([jdk / "bin/javac", "-d", folder, BENCH / "load/OpenLoop.java"])


def run(command, environment=None):
    done = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        env={**os.environ, **{k: str(v) for k, v in (environment or {}).items()}},
    )
    if done.returncode:
        raise Unprepared(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def describe(versions):
    """What the figures were measured on."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "commit": commit,
        "cpu": cpu.group(1) if cpu else "unknown",
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "java": ", ".join(re.search(r'JAVA_VERSION="(.*?)"', (h / "release").read_text()).group(1) for h in versions),
        "jvm options": " ".join(JVM_OPTIONS),
        "nginx": first_version(["nginx", "-v"]),
        "haproxy": first_version(["haproxy", "-v"]),
        "varnish": first_version(["varnishd", "-V"]),
    }


def stolen():
    """Seconds that the host took from this machine's processors since its start."""
    return int(Path("/proc/stat").read_text().split()[8]) / os.sysconf("SC_CLK_TCK")


def first_version(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+[\w.]*", done.stdout + done.stderr)
    return found.group(0) if found else "unknown"
