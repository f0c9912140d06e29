package dev.sluice.demo.lab;

import dev.sluice.demo.backend.OrdersBackend;
import dev.sluice.demo.fault.FaultProxy;
import dev.sluice.demo.fault.HeldPort;
import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.fault.NameServer;
import dev.sluice.demo.fault.Neighbour;
import dev.sluice.demo.fault.TlsFront;
import dev.sluice.demo.postgres.EmbeddedPostgres;
import dev.sluice.demo.postgres.Leftovers;
import dev.sluice.demo.redis.EmbeddedRedis;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that one fault is tried on: a PostgreSQL server, a backend, and a fault proxy on each
 * way: of the probes and of the backend to the server, to a second dependency on the same network,
 * to a control of the connector, to one outside, and of the gateway to the backend.
 */
final class World implements AutoCloseable {
  /** The database's name for probes that go by it. */
  static final String NAME = "orders-db.lab.test";

  private final EmbeddedPostgres postgres = EmbeddedPostgres.start();
  private final Neighbour neighbour = Neighbour.start();
  private final FaultProxy probes = FaultProxy.start("127.0.0.1", postgres.port());
  private final FaultProxy application = FaultProxy.start("127.0.0.1", postgres.port());
  private final EmbeddedRedis redisServer = EmbeddedRedis.start();
  private final FaultProxy redis = FaultProxy.start("127.0.0.1", redisServer.port());
  private final FaultProxy connector = FaultProxy.start("127.0.0.1", neighbour.port());
  private final FaultProxy outside = FaultProxy.start("127.0.0.1", neighbour.port());
  private final HeldPort backendPort = HeldPort.take();
  private final FaultProxy front = FaultProxy.start("127.0.0.1", backendPort.number());
  private final Path folder = Leftovers.folder("sluice-lab-");
  private final NameServer names = NameServer.start();
  private final Certificates certificates;
  private final TlsFront tls;
  private OrdersBackend backend;

  World(Certificates certificates) {
    this.certificates = certificates;
    tls = TlsFront.start(probes.port(), certificates.good());
    postgres.execute(
        """
        create role probe login connection limit 3 password '%s';
        alter default privileges for role %s grant select on tables to probe;
        create function lab_raise(state text, said text) returns int language plpgsql as
          'begin raise exception using errcode = state, message = said; end'"""
            .formatted(postgres.password(), postgres.user()));
    backend = backend(applicationUrl());
  }

  /** The database as the backend reaches it. */
  String applicationUrl() {
    return postgres.url(application.port());
  }

  /** A folder of its own. */
  Path folder() {
    return folder;
  }

  /** The database as probes reach it that verify its certificate. */
  String verifiedUrl() {
    return probeUrl().replace("127.0.0.1:" + probes.port(), Certificates.HOST + ":" + tls.port())
        + "?sslmode=verify-full&sslrootcert="
        + certificates.root();
  }

  /** Answers the probes that ask for {@link #NAME}. */
  NameServer names() {
    return names;
  }

  /** The database as probes reach it that go by its name. */
  String namedUrl() {
    return probeUrl().replace("127.0.0.1", NAME);
  }

  Certificates certificates() {
    return certificates;
  }

  /** What speaks TLS before the way of the probes, for those that verify. */
  TlsFront tls() {
    return tls;
  }

  /** The database as the probes reach it, with a role of their own. */
  String probeUrl() {
    return postgres.url(probes.port()).replace("//" + postgres.user() + ":", "//probe:");
  }

  private OrdersBackend backend(String url) {
    return OrdersBackend.start(backendPort.number(), url);
  }

  EmbeddedPostgres postgres() {
    return postgres;
  }

  OrdersBackend backend() {
    return backend;
  }

  /** The way of the probes to the database. */
  FaultProxy probes() {
    return probes;
  }

  /** The backend's way to the database. */
  FaultProxy application() {
    return application;
  }

  EmbeddedRedis redisServer() {
    return redisServer;
  }

  FaultProxy redis() {
    return redis;
  }

  FaultProxy connector() {
    return connector;
  }

  FaultProxy outside() {
    return outside;
  }

  /** The gateway's way to the backend. */
  FaultProxy front() {
    return front;
  }

  /** Both ways to the database. */
  void database(Mode mode) {
    probes.mode(mode);
    application.mode(mode);
  }

  /** The private service access: the database and what else is reached by it. */
  void services(Mode mode) {
    database(mode);
    redis.mode(mode);
  }

  /** The connector and what is behind it. */
  void vpc(Mode mode) {
    services(mode);
    connector.mode(mode);
  }

  /** The server alone is gone: its ports refuse. */
  void kill() {
    postgres.kill();
    database(Mode.REFUSE);
  }

  /** A proxy accepts for a server that is gone: it refuses with it. */
  void killRedis() {
    redisServer.kill();
    redis.mode(Mode.REFUSE);
  }

  void stopBackend() {
    backend.close();
  }

  void restartBackend() {
    restartBackend(applicationUrl());
  }

  /** Starts the backend anew with another URL of the database. */
  void restartBackend(String url) {
    backend.close();
    backend = backend(url);
  }

  /** Lets every way pass again. */
  void pass() {
    for (FaultProxy way : List.of(probes, application, redis, connector, outside, front)) {
      if (way.mode() != Mode.PASS) {
        way.mode(Mode.PASS);
      }
    }
    names.addresses("127.0.0.1");
    tls.show(certificates.good());
    tls.manner(TlsFront.Manner.SECURE);
  }

  @Override
  public void close() {
    backend.close();
    names.close();
    tls.close();
    for (FaultProxy way : List.of(front, probes, application, redis, connector, outside)) {
      way.close();
    }
    neighbour.close();
    redisServer.close();
    backendPort.close();
    postgres.close();
    Leftovers.drop(folder);
  }
}
