package dev.sluice.demo.tour;

import java.nio.file.Path;

/** The text of the demo's route file. */
final class RouteFile {
  private static final String TEXT =
      """
      environment: staging
      mode: enforce
      listen: { host: 127.0.0.1, port: %d, drain: 2s }
      admin: { on: port, port: %d, token: "%s" }
      store: { url: "sqlite:%s", key: "%s", accept-volatile: true }
      dependencies:
        - id: orders-db
          type: postgresql
          url: "%s"
          network: vpc
          tiers: { connect: 5s, query: 10s, full: 20s }
          interval: 1s
          full-query: "select 1 from orders limit 1"
          full-interval: 10s
      networks:
        - { id: vpc, kind: vpc-connector }
      controls:
        - { id: vpc-control, type: tcp, url: "tcp://127.0.0.1:%d", network: vpc }
      backends:
        - id: orders
          url: "http://127.0.0.1:%d"
          depends-on: [orders-db]
          health: { path: /health, format: actuator, interval: 1s }
          metrics: { path: /metrics }
      routes:
        - { id: orders-health, match: { path: /health/orders }, backend: orders, kind: health }
        - id: orders-read
          match: { path: "/api/orders/**", methods: [GET, HEAD] }
          backend: orders
          reads: { cache: fallback, principal: public, max-stale: 15m }
        - id: orders-list
          match: { path: /api/orders, methods: [GET, HEAD] }
          backend: orders
          reads: { cache: fallback, principal: public, max-stale: 15m }
        - id: orders-create
          match: { path: /api/orders, methods: [POST] }
          backend: orders
          writes: { accept: always, replay-as: gateway, principal: public, ttl: 24h, max-body: 64KiB, backend-honours-idempotency-key: true }
        - id: orders-write
          match: { path: "/api/orders/*", methods: [PUT, DELETE] }
          backend: orders
          writes: { accept: when-preferred, replay-as: gateway, principal: public, ttl: 24h, max-body: 64KiB, backend-honours-idempotency-key: true }
      """;

  private RouteFile() {}

  static String text(DemoWorld world, int port, int adminPort, Path store) {
    return TEXT.formatted(
        port,
        adminPort,
        world.adminToken(),
        store,
        world.storeKey(),
        world.databaseUrl(),
        world.controlProxy().port(),
        world.backendPort());
  }
}
