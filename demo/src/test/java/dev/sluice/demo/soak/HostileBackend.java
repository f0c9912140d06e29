package dev.sluice.demo.soak;

import dev.sluice.demo.soak.Ledger.Exchange;
import dev.sluice.demo.soak.MessageReader.Garbled;
import dev.sluice.demo.soak.MessageReader.Head;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A backend on plain sockets, one thread a connection, that does what each plan says. */
final class HostileBackend implements AutoCloseable {
  private static final int PATIENCE = 20_000;

  private final Ledger ledger;
  private final ServerSocket listening;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable CyclicBarrier meeting;
  private volatile Set<Connection> met = Set.of();

  HostileBackend(Ledger ledger) throws IOException {
    this.ledger = ledger;
    listening = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Connections that the gateway holds. */
  Set<Connection> open() {
    return Set.copyOf(open);
  }

  /** From now on nobody is answered until so many wait for it. */
  void meet(int requests) {
    met = ConcurrentHashMap.newKeySet();
    meeting = new CyclicBarrier(requests);
  }

  /** The connections that requests came by since then; everybody is answered at once again. */
  Set<Connection> met() {
    meeting = null;
    return Set.copyOf(met);
  }

  private static void start(Runnable runnable) {
    Thread thread = new Thread(runnable, "hostile-backend");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE);
        Connection connection = new Connection(socket);
        open.add(connection);
        start(connection::serve);
      }
    } catch (IOException e) {
      // closed
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Connection connection : open) {
      connection.socket.close();
    }
  }

  /** One connection of the gateway's. */
  final class Connection {
    private final Socket socket;

    private Connection(Socket socket) {
      this.socket = socket;
    }

    private void serve() {
      try (socket) {
        Pacing.Input in = new Pacing.Input(socket.getInputStream());
        MessageReader reader = new MessageReader(in);
        for (Head head = reader.head(); head != null; head = reader.head()) {
          if (!serve(head, reader, in)) {
            return;
          }
        }
      } catch (Garbled e) {
        ledger.violation("the backend was sent what is no HTTP: " + e.getMessage());
      } catch (IOException e) {
        // the gateway has left, or we have
      } catch (RuntimeException e) {
        ledger.violation("the backend failed: " + e);
      } finally {
        open.remove(this);
      }
    }

    private boolean serve(Head head, MessageReader reader, Pacing.Input in) throws IOException {
      String[] line = head.line().split(" ");
      Exchange exchange = ledger.find(line[1]);
      if (exchange == null || !asked(exchange.plan, line[0], head)) {
        ledger.violation("the backend was asked for what nobody sent: " + head.line());
        return false;
      }
      if (exchange.seen.incrementAndGet() > (exchange.plan.method().equals("POST") ? 1 : 2)) {
        ledger.violation("sent once more: " + exchange.plan);
      }
      OutputStream out = socket.getOutputStream();
      if (exchange.plan.expect()) {
        out.write(Bytes.ascii("HTTP/1.1 100 Continue\r\n\r\n"));
      }
      in.pace(exchange.plan.request().read());
      BackendAnswer answer = new BackendAnswer(ledger, exchange.plan, socket);
      if (exchange.plan.backendFault().early()) {
        return answer.early() && body(exchange, head, reader) != null;
      }
      String received = body(exchange, head, reader);
      meet();
      return answer.late(received);
    }

    private boolean asked(Plan plan, String method, Head head) throws Garbled {
      return plan.method().equals(method) && head.has("soak-id", Long.toString(plan.id()));
    }

    /** The digest of the request's body; a body that is whole must be the right one. */
    private String body(Exchange exchange, Head head, MessageReader reader) throws IOException {
      Plan plan = exchange.plan;
      MessageDigest digest = Bytes.digest(plan.id());
      Plan.Framing framing = MessageReader.framing(head);
      boolean none = framing == Plan.Framing.UNTIL_CLOSE;
      String trailer =
          cut(plan, () -> reader.body(head, none ? Plan.Framing.NONE : framing, digest::update));
      String received = Bytes.hex(digest);
      if (plan.clientFault().cutsRequest()) {
        ledger.violation("a request that was cut arrived whole: " + plan);
      } else if (!received.equals(Bytes.digest(plan.id(), plan.requestBody()))) {
        ledger.violation("a request arrived with another body: " + plan);
      } else if (plan.request().trailers() && !Long.toString(plan.id()).equals(trailer)) {
        ledger.violation("a request lost its trailer (" + trailer + "): " + plan);
      }
      ledger.count("bytes up", plan.request().length());
      return received;
    }

    private @Nullable String cut(Plan plan, Reading reading) throws IOException {
      try {
        return reading.body();
      } catch (Garbled e) {
        throw e;
      } catch (IOException e) {
        if (plan.clientFault() == ClientFault.NONE && !plan.backendFault().early()) {
          ledger.violation("the request of an honest client was cut: " + plan);
        }
        throw e;
      }
    }

    private void meet() throws IOException {
      CyclicBarrier all = meeting;
      if (all != null) {
        met.add(this);
        try {
          all.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
          throw new IOException("not all have come", e);
        }
      }
    }
  }

  private interface Reading {
    @Nullable String body() throws IOException;
  }
}
