package dev.sluice.demo.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class FaultProxyTest {
  private final AtomicInteger accepted = new AtomicInteger();
  private final List<Socket> clients = new ArrayList<>();
  private ServerSocket echo;
  private Thread accepting;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    accepting = new Thread(this::accept, "echo");
    accepting.setDaemon(true);
    accepting.start();
    proxy = FaultProxy.start("127.0.0.1", echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
    for (Socket client : clients) {
      client.close();
    }
  }

  @Test
  void passCarriesBytesBothWays() throws IOException {
    Socket client = connect();
    assertThat(echoes(client, 7)).isTrue();
    assertThat(echoes(client, 8)).isTrue();
  }

  @Test
  void anEndOnTheTargetsSideReachesTheClient() throws IOException {
    Socket client = connect();
    assertThat(echoes(client, 1)).isTrue();
    client.getOutputStream().write(0);
    assertThat(client.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void refuseResetsOpenConnectionsAndRefusesNewOnes() throws IOException {
    Socket open = connect();
    assertThat(echoes(open, 1)).isTrue();
    proxy.mode(Mode.REFUSE);
    assertThatThrownBy(() -> open.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
  }

  @Test
  void blackHoleLeavesConnectsWithoutAnyAnswer() throws IOException {
    Socket open = connect();
    assertThat(echoes(open, 1)).isTrue();
    proxy.mode(Mode.BLACK_HOLE);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(this::connect)
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("onnect timed out");
    }
    assertThat(silent(open)).isTrue();
  }

  @Test
  void connectionsFrozenByABlackHoleGoOnAfterIt() throws IOException {
    Socket open = connect();
    assertThat(echoes(open, 1)).isTrue();
    int before = accepted.get();
    proxy.mode(Mode.BLACK_HOLE);
    open.getOutputStream().write(9);
    assertThat(silent(open)).isTrue();
    proxy.mode(Mode.PASS);
    assertThat(open.getInputStream().read()).isEqualTo(9);
    assertThat(echoes(connect(), 2)).isTrue();
    assertThat(accepted.get()).as("only real clients reach the target").isEqualTo(before + 1);
  }

  @Test
  void silentAcceptsAndAnswersNothingUntilItPasses() throws IOException {
    proxy.mode(Mode.SILENT);
    Socket client = connect();
    client.getOutputStream().write(5);
    assertThat(silent(client)).isTrue();
    assertThat(accepted.get()).isZero();
    proxy.mode(Mode.PASS);
    assertThat(client.getInputStream().read()).isEqualTo(5);
  }

  @Test
  void resetAcceptsAndResets() {
    proxy.mode(Mode.RESET);
    // The reset may overtake the end of the connect.
    assertThatThrownBy(() -> connect().getInputStream().read())
        .isInstanceOf(SocketException.class)
        .isNotInstanceOf(ConnectException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void closeAcceptsAndEndsInOrder() throws IOException {
    Socket open = connect();
    assertThat(echoes(open, 1)).isTrue();
    proxy.mode(Mode.CLOSE);
    assertThat(open.getInputStream().read()).isEqualTo(-1);
    assertThat(connect().getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void cutEndsASessionWhenSomethingIsAskedInIt() throws IOException {
    proxy.mode(Mode.CUT);
    Socket client = session();
    client.getOutputStream().write(1);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void lateDelaysAnswersWithinASessionAlone() throws IOException {
    proxy.mode(Mode.LATE);
    Socket client = session();
    client.getOutputStream().write(1);
    assertThat(silent(client)).isTrue();
    assertThat(client.getInputStream().read()).isEqualTo(1);
  }

  @Test
  void slowDelaysTheFirstAnswerToo() throws IOException {
    proxy.mode(Mode.SLOW);
    Socket client = connect();
    client.getOutputStream().write(1);
    assertThat(silent(client)).isTrue();
    assertThat(client.getInputStream().read()).isEqualTo(1);
  }

  @Test
  void lossyDelaysAPartNowAndThenAndKeepsTheOrder() throws IOException {
    proxy.mode(Mode.LOSSY);
    Socket client = connect();
    long slowest = 0;
    for (int i = 0; i < 250; i++) {
      long asked = System.nanoTime();
      assertThat(echoes(client, 1 + i % 200)).isTrue();
      slowest = Math.max(slowest, System.nanoTime() - asked);
    }
    assertThat(slowest).isGreaterThan(200_000_000L);
    byte[] many = new byte[1_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = (byte) (1 + i % 100);
    }
    for (byte one : many) {
      client.getOutputStream().write(one);
    }
    assertThat(client.getInputStream().readNBytes(many.length)).isEqualTo(many);
  }

  /** A connection on which more was answered than a login brings forth. */
  private Socket session() throws IOException {
    Socket client = connect();
    byte[] login = new byte[400];
    java.util.Arrays.fill(login, (byte) 7);
    client.getOutputStream().write(login);
    assertThat(client.getInputStream().readNBytes(login.length)).isEqualTo(login);
    return client;
  }

  @Test
  void aTargetThatIsGoneResetsTheClient() throws IOException, InterruptedException {
    echo.close();
    // The kernel goes on listening until the accepting thread has left.
    accepting.join(5_000);
    assertThatThrownBy(() -> connect().getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void passWorksAgainOnTheSamePortAfter(Mode mode) throws IOException {
    int port = proxy.port();
    proxy.mode(mode);
    proxy.mode(mode);
    proxy.mode(Mode.PASS);
    assertThat(proxy.port()).isEqualTo(port);
    assertThat(echoes(connect(), 3)).isTrue();
  }

  @Test
  void everyModeMayFollowEveryOther() throws IOException {
    for (Mode first : Mode.values()) {
      for (Mode second : Mode.values()) {
        proxy.mode(first);
        proxy.mode(second);
      }
    }
    proxy.mode(Mode.PASS);
    assertThat(echoes(connect(), 4)).isTrue();
  }

  @Test
  void closeEndsListenerAndConnections() throws IOException {
    Socket open = connect();
    assertThat(echoes(open, 1)).isTrue();
    proxy.close();
    assertThatThrownBy(() -> open.getInputStream().read()).isInstanceOf(SocketException.class);
    await()
        .untilAsserted(
            () -> assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    clients.add(socket);
    socket.connect(new InetSocketAddress("127.0.0.1", proxy.port()), 1_300);
    socket.setSoTimeout(5_000);
    return socket;
  }

  private static boolean echoes(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
    return socket.getInputStream().read() == value;
  }

  private static boolean silent(Socket socket) throws IOException {
    socket.setSoTimeout(300);
    try {
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException nothing) {
      return true;
    } finally {
      socket.setSoTimeout(5_000);
    }
  }

  private void accept() {
    try {
      while (!echo.isClosed()) {
        Socket socket = echo.accept();
        accepted.incrementAndGet();
        Thread serving = new Thread(() -> serve(socket), "echo-connection");
        serving.setDaemon(true);
        serving.start();
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  /** Echoes each byte; a zero or an end closes. */
  private static void serve(Socket socket) {
    try (socket) {
      int value = socket.getInputStream().read();
      while (value > 0) {
        socket.getOutputStream().write(value);
        value = socket.getInputStream().read();
      }
    } catch (IOException reset) {
      // The proxy ended it.
    }
  }
}
