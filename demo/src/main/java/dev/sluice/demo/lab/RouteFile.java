package dev.sluice.demo.lab;

import dev.sluice.demo.fault.FaultProxy;
import java.util.Map;

/** The text of a cell's route file: the defaults of a user's file, save where a comment says so. */
final class RouteFile {
  private static final String TEXT =
      """
      environment: staging
      mode: enforce
      listen: { host: 127.0.0.1, port: 0, threads: 1, drain: 1s }
      admin: { on: port, port: 0, token: "lab-lab-lab-lab-lab" }
      dependencies:
        - id: orders-db
          type: postgresql
          url: "{probe}"
          network: psa
          full-query: "select item from orders limit 1"
          full-interval: 4s  # with each climb; by default each minute, or when requests fail
        - { id: sessions, type: redis, url: "redis://127.0.0.1:{redis}", network: psa, required: false }
      networks:
        - { id: vpc, kind: vpc-connector }
        - { id: psa, kind: private-service-access, through: vpc }
        - { id: internet, kind: egress }
      controls:
        - { id: vpc-host, type: tcp, url: "tcp://127.0.0.1:{connector}", network: vpc }
        - { id: outside, type: tcp, url: "tcp://127.0.0.1:{outside}", network: internet }
      backends:
        - id: orders
          url: "http://{host}:{front}"
          depends-on: [orders-db, sessions]
          health: { path: /health, format: actuator }
          metrics: { path: /metrics }
      routes:
        - { id: orders-health, match: { path: /health/orders }, backend: orders, kind: health }
        - id: orders-read
          match: { path: "/api/**", methods: [GET, HEAD] }
          backend: orders
          uses: [orders-db]
          reads: { cache: fallback, principal: public, max-stale: 15m }
      """;

  private RouteFile() {}

  /** A text whose ports nobody is asked at. */
  static String simulated() {
    return TEXT.replaceAll("\\{(redis|connector|outside|front)}", "1")
        .replace("{host}", "127.0.0.1")
        .replace("{probe}", "postgresql://probe:none@127.0.0.1:1/orders");
  }

  static String text(World world, Fault.Site site) {
    // An address that is loopback and is not written as one: nothing proves a shared network.
    String host = site == Fault.Site.BESIDE ? "127.0.0.1" : "[::ffff:127.0.0.1]";
    String text = TEXT;
    for (Map.Entry<String, FaultProxy> way :
        Map.of(
                "redis", world.redis(),
                "connector", world.connector(),
                "outside", world.outside(),
                "front", world.front())
            .entrySet()) {
      text = text.replace("{" + way.getKey() + "}", Integer.toString(way.getValue().port()));
    }
    return text.replace("{host}", host).replace("{probe}", world.probeUrl());
  }
}
