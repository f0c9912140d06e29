package dev.sluice.probes.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Real TLS, whose certificates are looked at for as long as a test wants. */
@Timeout(60)
final class TlsHandlersTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ExecutorService tasks = Executors.newSingleThreadExecutor();
  private final Sockets sockets = new Sockets(loops);
  private final Slow trust = new Slow();
  private ScriptedServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ScriptedServer(SelfSigned.create().answering(new byte[] {1}));
  }

  @AfterEach
  void stop() throws Exception {
    trust.may.countDown();
    sockets.closeAll();
    while (((SingleThreadIoEventLoop) loops.next()).registeredChannels() > 0) {
      TimeUnit.MILLISECONDS.sleep(10); // the test has its time limit
    }
    server.close();
    tasks.shutdown();
    assertThat(tasks.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void aHandshakeThatIsGivenUpLeavesTheLoopFree() throws Exception {
    Disposable handshake = shake(LIMIT).subscribe(line -> {}, failure -> {});
    trust.waits.await();
    sockets.closeAll();
    assertThat(loops.submit(() -> "free").get(2, TimeUnit.SECONDS)).isEqualTo("free");
    handshake.dispose();
  }

  @Test
  void aHandshakeWhoseTimeIsOverLeavesTheLoopFree() throws Exception {
    assertThatThrownBy(() -> shake(Duration.ofMillis(300)).block(LIMIT))
        .hasMessageContaining("handshake timed out");
    assertThat(trust.waits.getCount()).isZero();
    assertThat(loops.submit(() -> "free").get(2, TimeUnit.SECONDS)).isEqualTo("free");
  }

  @Test
  void aHandshakeThatIsDoneIsAnswered() throws Exception {
    trust.may.countDown();
    Line line = shake(LIMIT).block(LIMIT);
    assertThat(line.certificate().block(LIMIT).getSubjectX500Principal().getName())
        .isEqualTo("CN=localhost");
    line.close();
  }

  @Test
  void afterACloseNoTaskIsBegun() throws Exception {
    SSLEngine engine = context().newEngine(ByteBufAllocator.DEFAULT);
    DeferredCloseEngine deferred = new DeferredCloseEngine(engine);
    deferred.closeOutbound();
    assertThat(deferred.isOutboundDone()).isTrue();
    assertThat(deferred.getDelegatedTask()).isNull();
  }

  private Mono<Line> shake(Duration limit) {
    return Line.connect(sockets, new InetSocketAddress("127.0.0.1", server.port()), LIMIT)
        .flatMap(
            line -> {
              try {
                return line.secure(context(), tasks, "localhost", limit);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private SslContext context() throws Exception {
    return SslContextBuilder.forClient().sslProvider(SslProvider.JDK).trustManager(trust).build();
  }

  /** Trusts everybody, when it may. */
  private static final class Slow extends X509ExtendedTrustManager {
    private final CountDownLatch waits = new CountDownLatch(1);
    private final CountDownLatch may = new CountDownLatch(1);

    private void look() {
      waits.countDown();
      try {
        may.await(30, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      look();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      look();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      look();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
