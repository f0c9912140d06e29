package dev.sluice.demo.tour;

import dev.sluice.demo.backend.OrdersBackend;
import dev.sluice.demo.fault.FaultProxy;
import dev.sluice.demo.fault.HeldPort;
import dev.sluice.demo.fault.Mode;
import dev.sluice.demo.fault.Neighbour;
import dev.sluice.demo.fault.ProxySwitch;
import dev.sluice.demo.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/**
 * Everything a gateway stands in front of: PostgreSQL behind a fault proxy, a neighbour behind a
 * second one as the control on the same network, and the sample backend on a port that stays the
 * same over its restarts. So a dead network (both proxies broken) can be told from a dead database
 * (one of them, or the server itself).
 *
 * <p>All methods may be called from any thread that may block.
 */
public final class DemoWorld implements AutoCloseable {
  private final EmbeddedPostgres postgres;
  private final Neighbour neighbour = Neighbour.start();
  private final FaultProxy databaseProxy;
  private final FaultProxy controlProxy;
  private final ProxySwitch proxies;
  private final HeldPort backendPort;
  private final String storeKey = Base64.getEncoder().encodeToString(random(32));
  private final String adminToken = HexFormat.of().formatHex(random(16));
  private OrdersBackend backend;
  private boolean closed;

  private DemoWorld(EmbeddedPostgres postgres, Wishes wishes) {
    this.postgres = postgres;
    this.databaseProxy =
        FaultProxy.start("127.0.0.1", postgres.port(), HeldPort.take(wishes.database()));
    this.controlProxy =
        FaultProxy.start("127.0.0.1", neighbour.port(), HeldPort.take(wishes.control()));
    this.proxies =
        ProxySwitch.start(
            free(wishes.proxies()),
            Map.of("orders-db", databaseProxy, "vpc-control", controlProxy));
    this.backendPort = HeldPort.take(wishes.backend());
    this.backend = OrdersBackend.start(backendPort.number(), databaseUrl());
  }

  /**
   * The ports that are taken where they are free; 0 leaves the choice to the system.
   *
   * @param database of the proxy in front of it
   * @param proxies where both proxies are switched, as a Toxiproxy is
   */
  public record Wishes(int database, int control, int backend, int proxies) {
    /** Of a file that is to work whenever the demo runs. */
    public static final Wishes WELL_KNOWN = new Wishes(15432, 15433, 15080, 8474);

    static final Wishes NONE = new Wishes(0, 0, 0, 0);
  }

  /** Starts all parts; the gateway comes after it, from {@link #routeFile}. */
  public static DemoWorld start() {
    return start(Wishes.NONE);
  }

  /** The same on ports that are known beforehand, if they are free. */
  public static DemoWorld start(Wishes wishes) {
    EmbeddedPostgres postgres = EmbeddedPostgres.start();
    try {
      postgres.execute("create role probe login password 'probe-of-the-demo' connection limit 3");
      postgres.execute("grant pg_read_all_data, pg_monitor to probe");
      return new DemoWorld(postgres, wishes);
    } catch (RuntimeException e) {
      postgres.close();
      throw e;
    }
  }

  public EmbeddedPostgres postgres() {
    return postgres;
  }

  public FaultProxy databaseProxy() {
    return databaseProxy;
  }

  public FaultProxy controlProxy() {
    return controlProxy;
  }

  /** The port on which the proxies are switched. */
  public int switchPort() {
    return proxies.port();
  }

  private static int free(int wanted) {
    try (HeldPort port = HeldPort.take(wanted)) {
      return port.number();
    }
  }

  /** The backend that runs now; a restart makes another one. */
  public synchronized OrdersBackend backend() {
    return backend;
  }

  public int backendPort() {
    return backendPort.number();
  }

  /** The database as the backend and the probes reach it: by way of the proxy. */
  public String databaseUrl() {
    return postgres.url(databaseProxy.port());
  }

  /** 32 random bytes in base64: held writes of one world are read by its gateways alone. */
  public String storeKey() {
    return storeKey;
  }

  /** What changes through the operators' port are allowed with. */
  public String adminToken() {
    return adminToken;
  }

  /** Lets the whole network fail or pass: the way to the database and to the control. */
  public void path(Mode mode) {
    databaseProxy.mode(mode);
    controlProxy.mode(mode);
  }

  /** Ends the backend and starts it again on its port, as a platform does to an unhealthy one. */
  public synchronized void restartBackend() {
    if (!closed) {
      backend.close();
      backend = OrdersBackend.start(backendPort.number(), databaseUrl());
    }
  }

  /** Ends the backend until {@link #restartBackend}. */
  public synchronized void stopBackend() {
    backend.close();
  }

  /**
   * The route file for a gateway on these ports.
   *
   * @param port the public one, 0 for any
   * @param adminPort the operators' one, 0 for any
   * @param store where held writes are kept
   */
  public String routeFile(int port, int adminPort, Path store) {
    return RouteFile.text(this, port, adminPort, store);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    backend.close();
    proxies.close();
    databaseProxy.close();
    controlProxy.close();
    neighbour.close();
    backendPort.close();
    postgres.close();
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
