"""The proxies that are compared, and the backends behind them."""
import getpass
import subprocess
from dataclasses import dataclass

from .machine import BENCH, JVM_OPTIONS, ROOT, UNSAFE, major
from .stage import LOAD_CORE, PROXY_CORE, await_answer, free_port

BODY = '{"id": 1, "note": "' + "x" * 1003 + '"}'  # 1024 bytes


@dataclass
class Peer:
    """A running proxy."""

    name: str
    port: int
    process: object
    path: str = "/json"
    secure: bool = False

    @property
    def java(self):
        return self.name.startswith(("sluice", "netty", "reactor", "spring"))


class Backends:
    """nginx on the load's core; `doomed` is there to be killed; the sink reads uploads."""

    def __init__(self, stage):
        self.stage = stage
        self.json_port, self.doomed_port, self.sink_port = free_port(), free_port(), free_port()
        self.secure_port = free_port()
        certificate(stage.folder)
        self.json = self._nginx("backend", self.json_port, self.secure_port)

    def _nginx(self, name, port, secure_port=None):
        config = self.stage.configure(
            BENCH / "conf/backend.conf",
            NAME=name, PORT=port, JSON=BODY, FOLDER=self.stage.folder, USER=getpass.getuser(),
            SECURE_PORT=secure_port or free_port(),
        )
        process = self.stage.start(name, LOAD_CORE, nginx(self.stage, config))
        await_answer(process, port, "/json")
        return process

    def start_doomed(self):
        return self._nginx("doomed", self.doomed_port)

    def start_sink(self):
        command = ["python3", BENCH / "load/sink.py", self.sink_port]
        process = self.stage.start("sink", LOAD_CORE, command)
        await_answer(process, self.sink_port, "/")
        return process


class Factory:
    """Starts peers by name; a name that ends in -17 runs on that Java."""

    def __init__(self, stage, backends, jdks, before=None):
        self.stage, self.backends, self.jdks, self.before = stage, backends, jdks, before

    def names(self):
        """Every proxy that this machine can run, those on Java 17 only beside a newer one."""
        names = ["sluice", "nginx", "haproxy", "netty-relay", "reactor-netty", "reactor-netty-1loop", "spring"]
        if 17 in list(self.jdks)[1:]:
            names += ["sluice-17", "reactor-netty-17", "spring-17"]
        return names

    VARIANTS = ["sluice-io-uring", "sluice-parallel-gc", "sluice-before"]
    """Other settings of Sluice, and an earlier one, measured only when named."""

    def start(self, name):
        if name == "direct":
            return Peer(name, self.backends.json_port, self.backends.json)
        port = free_port()
        kind = name.removesuffix("-17")
        java = (self.jdks[17] if name.endswith("-17") else next(iter(self.jdks.values()))) / "bin/java"
        process = getattr(self, "_" + kind.replace("-", "_"))(name, port, java)
        await_answer(process, port, "/copy" if kind == "varnish" else "/json")
        return Peer(name, port, process)

    def _sluice(self, name, port, java, options=(), transport="auto", jar=ROOT / "gateway/target/sluice.jar"):
        command = [*jvm(java), *options, "-jar", jar]
        command += ["run", "--config", BENCH / "sluice.yaml"]
        environment = {**sluice_environment(self.backends, port), "TRANSPORT": transport}
        return self.stage.start(name, PROXY_CORE, command, environment)

    def _sluice_io_uring(self, name, port, java):
        return self._sluice(name, port, java, transport="io-uring")

    def _sluice_parallel_gc(self, name, port, java):
        return self._sluice(name, port, java, ["-XX:+UseParallelGC"])

    def _sluice_before(self, name, port, java):
        return self._sluice(name, port, java, jar=self.before)

    def start_secure(self, name):
        """With TLS on both sides; and what it has of HTTP/2 without TLS, on a port of its own."""
        port, plain = free_port(), free_port()
        if name == "nginx":
            config = self._configure("nginx-secure.conf", "nginx-secure", port, PLAIN_PORT=plain)
            process = self.stage.start("nginx-secure", PROXY_CORE, nginx(self.stage, config))
        else:
            java = next(iter(self.jdks.values())) / "bin/java"
            command = [*jvm(java), "-jar", ROOT / "gateway/target/sluice.jar", "run"]
            environment = {**sluice_environment(self.backends, port), "FOLDER": self.stage.folder}
            environment["SECURE_PORT"] = self.backends.secure_port
            command += ["--config", BENCH / "sluice-secure.yaml"]
            process = self.stage.start("sluice-secure", PROXY_CORE, command, environment)
        await_answer(process, port, "/json", secure=True)
        peer = Peer(name, port, process, secure=True)
        return peer, Peer(name, plain, process)

    def _reactor_netty(self, name, port, java):
        return self._jar("netty", name, port, java)

    def _reactor_netty_1loop(self, name, port, java):
        return self._jar("netty", name, port, java, ["-Dreactor.netty.ioWorkerCount=1"])

    def _spring(self, name, port, java):
        return self._jar("spring-cloud-gateway", name, port, java)

    def _netty_relay(self, name, port, java):
        return self._jar("netty", name, port, java, main="dev.sluice.bench.relay.Relay")

    def _jar(self, folder, name, port, java, options=(), main=None):
        jar = BENCH / "peers" / folder / "target/proxy.jar"
        program = ["-cp", jar, main] if main else ["-jar", jar]
        environment = {"PORT": port, "BACKEND_PORT": self.backends.json_port}
        return self.stage.start(name, PROXY_CORE, [*jvm(java), *options, *program], environment)

    def _nginx(self, name, port, _):
        config = self._configure("nginx.conf", name, port)
        return self.stage.start(name, PROXY_CORE, nginx(self.stage, config))

    def _haproxy(self, name, port, _):
        config = self._configure("haproxy.cfg", name, port)
        return self.stage.start(name, PROXY_CORE, ["haproxy", "-db", "-f", config])

    def _varnish(self, name, port, _):
        config = self._configure("varnish.vcl", name, port)
        command = ["varnishd", "-F", "-j", "none", "-T", "none", "-a", f"127.0.0.1:{port}"]
        command += ["-f", config, "-s", "malloc,64m", "-n", self.stage.folder / "varnish"]
        return self.stage.start(name, PROXY_CORE, command)

    def _configure(self, template, name, port, **more):
        return self.stage.configure(
            BENCH / "conf" / template, **more,
            NAME=name, PORT=port, FOLDER=self.stage.folder, USER=getpass.getuser(),
            SECURE_PORT=self.backends.secure_port,
            BACKEND_PORT=self.backends.json_port, DOOMED_PORT=self.backends.doomed_port,
        )


def certificate(folder):
    """One for localhost, signed by itself."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command += ["-keyout", str(folder / "server.key"), "-out", str(folder / "server.pem")]
    subprocess.run(command, check=True, capture_output=True)


def jvm(java):
    return [java, *JVM_OPTIONS, *(UNSAFE if major(java.parent.parent) >= 24 else [])]


def nginx(stage, config):
    return ["nginx", "-e", "stderr", "-p", stage.folder, "-c", config]


def sluice_environment(backends, port):
    """The variables of sluice.yaml."""
    return {
        "PORT": port,
        "ADMIN_PORT": free_port(),
        "BACKEND_PORT": backends.json_port if backends else 1,
        "DOOMED_PORT": backends.doomed_port if backends else 1,
        "SINK_PORT": backends.sink_port if backends else 1,
    }
