package dev.sluice.demo.soak;

import dev.sluice.demo.soak.Ledger.Exchange;
import dev.sluice.demo.soak.Plan.Framing;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One connection of a client: writes and reads at the same time, as real ones do. */
final class HostileClient {
  private static final int PATIENCE = 20_000;

  private final int port;
  private final Ledger ledger;
  private final ExecutorService writers;

  HostileClient(int port, Ledger ledger, ExecutorService writers) {
    this.port = port;
    this.ledger = ledger;
    this.writers = writers;
  }

  /** Carries out what is planned, and judges whatever comes back. */
  void run(Plans.Connection connection) throws IOException {
    List<Exchange> exchanges = new ArrayList<>();
    connection.plans().forEach(plan -> exchanges.add(ledger.begin(plan)));
    try (Socket socket = new Socket()) {
      if (connection.smallBuffer()) {
        socket.setReceiveBufferSize(4096);
      }
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE);
      Pacing.Input in = new Pacing.Input(socket.getInputStream());
      Sending sending = new Sending(socket, exchanges, new Semaphore(connection.depth()));
      Future<?> writer = writers.submit(sending);
      try {
        read(socket, in, exchanges, sending);
      } finally {
        socket.close();
        sending.window.release(exchanges.size());
        sending.goOn.release(exchanges.size());
        join(writer);
      }
    }
  }

  private void read(Socket socket, Pacing.Input in, List<Exchange> exchanges, Sending sending)
      throws IOException {
    AnswerReader reader = new AnswerReader(ledger, in, sending.goOn, sending.failed);
    for (Exchange exchange : exchanges) {
      Plan plan = exchange.plan;
      in.pace(plan.answer().read());
      if (plan.clientFault().cutsReading()) {
        in.leaveAfter((long) (plan.cut() * (400 + plan.answer().length())));
      }
      AnswerReader.Answer answer = reader.read(exchange);
      Judge.judge(ledger, exchange, answer);
      if (plan.clientFault().cutsReading()) {
        ledger.count("client " + plan.clientFault());
        Pacing.end(socket, plan.clientFault() == ClientFault.RESET_READING);
      }
      if (!answer.more()) {
        return;
      }
      sending.window.release();
    }
  }

  private static void join(Future<?> writer) {
    try {
      writer.get(PATIENCE, TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the writer does not end", e);
    }
  }

  /** The requests, no more of them under way than the window allows. */
  private final class Sending implements Runnable {
    private final Socket socket;
    private final List<Exchange> exchanges;
    private final Semaphore window;
    private final Semaphore goOn = new Semaphore(0);
    private final CompletableFuture<Boolean> failed = new CompletableFuture<>();

    private Sending(Socket socket, List<Exchange> exchanges, Semaphore window) {
      this.socket = socket;
      this.exchanges = exchanges;
      this.window = window;
    }

    @Override
    public void run() {
      try {
        for (Exchange exchange : exchanges) {
          window.acquireUninterruptibly();
          if (socket.isClosed() || !send(exchange.plan)) {
            break;
          }
        }
        failed.complete(false);
      } catch (IOException e) {
        failed.complete(true);
      }
    }

    private boolean send(Plan plan) throws IOException {
      OutputStream out = socket.getOutputStream();
      byte[] head = Bytes.ascii(head(plan));
      byte[] body = Bytes.framed(plan, plan.request(), plan.requestBody());
      if (plan.expect()) {
        goOn.drainPermits();
        out.write(head);
        await();
        Pacing.write(out, body, body.length, plan.request().pace());
        return true;
      }
      byte[] all = Bytes.joined(head, body);
      ClientFault fault = plan.clientFault();
      int end = fault.cutsRequest() ? (int) (plan.cut() * all.length) : all.length;
      Pacing.write(out, all, end, plan.request().pace());
      return fault == ClientFault.NONE || leave(fault);
    }

    private void await() {
      try {
        if (goOn.tryAcquire(5, TimeUnit.SECONDS)) {
          ledger.count("expected 100 Continue");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private boolean leave(ClientFault fault) throws IOException {
      if (!fault.cutsReading()) {
        ledger.count("client " + fault);
      }
      switch (fault) {
        case RESET_SENDING -> Pacing.end(socket, true);
        case HALF_CLOSE_SENDING, HALF_CLOSE_WAITING -> socket.shutdownOutput();
        default -> {}
      }
      return false;
    }

    private String head(Plan plan) {
      String connection =
          plan.close() ? "Connection: close\r\n" : plan.old() ? "Connection: keep-alive\r\n" : "";
      String length = plan.request().framing() == Framing.NONE ? "" : Bytes.field(plan.request());
      return plan.method()
          + " "
          + plan.path()
          + (plan.old() ? " HTTP/1.0" : " HTTP/1.1")
          + "\r\nHost: soak\r\nSoak-Id: "
          + plan.id()
          + "\r\n"
          + connection
          + length
          + (plan.expect() ? "Expect: 100-continue\r\n" : "")
          + "\r\n";
    }
  }
}
