import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend that takes each write after 10 ms. Argument: port. {@code GET /} answers how many it has
 * taken and how many at once at most.
 */
public final class SlowSink {
  public static void main(String[] args) throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(here, Integer.parseInt(args[0])), 128);
    server.setExecutor(Executors.newFixedThreadPool(128));
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            if (exchange.getRequestMethod().equals("GET")) {
              byte[] text = (taken.get() + " " + most.get()).getBytes();
              exchange.sendResponseHeaders(200, text.length);
              exchange.getResponseBody().write(text);
              return;
            }
            exchange.getRequestBody().readAllBytes();
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.sleep(10);
            now.decrementAndGet();
            taken.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
  }
}
