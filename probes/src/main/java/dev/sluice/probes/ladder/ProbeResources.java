package dev.sluice.probes.ladder;

import dev.sluice.config.Authorities;
import dev.sluice.config.Backend;
import dev.sluice.config.Resolver;
import dev.sluice.config.Target;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The threads and TLS contexts that all ladders share: two event loops, one for the PostgreSQL
 * driver, one timer and a bounded elastic scheduler for whatever blocks, all daemon threads named
 * {@code sluice-probe-*}. Apart from the data path, so that a stuck probe never delays a request.
 * {@link #close()} ends every thread within two seconds; ladders made from it are dead afterwards.
 */
public final class ProbeResources implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final int BLOCKING_THREADS = 4;
  private static final int BLOCKING_QUEUE = 256;

  private final EventLoopGroup loops;
  private final Scheduler timer;
  private final Scheduler elastic;
  private final Mono<SslContext> verifying;
  private final Mono<SslContext> trusting;
  private final Mono<Boolean> driver;
  private final Mono<Boolean> epoll;
  private final Map<String, Mono<SslContext>> believing = new ConcurrentHashMap<>();
  private final Map<String, Mono<SslContext>> databases = new ConcurrentHashMap<>();
  private final Map<String, Mono<List<X509Certificate>>> authorities = new ConcurrentHashMap<>();
  private final Names names;
  private final SessionLoops sessions;
  private volatile @Nullable SessionLoops localSessions;
  private final @Nullable InetSocketAddress metadata;

  private ProbeResources(
      Resolver resolver, Callable<SslContext> verifying, @Nullable InetSocketAddress metadata) {
    this.metadata = metadata;
    loops =
        new MultiThreadIoEventLoopGroup(
            LOOPS, new DefaultThreadFactory("sluice-probe-io", true), NioIoHandler.newFactory());
    timer = Schedulers.newSingle("sluice-probe-timer", true);
    elastic =
        Schedulers.newBoundedElastic(
            BLOCKING_THREADS, BLOCKING_QUEUE, "sluice-probe-blocking", 30, true);
    this.verifying = onceNeeded(verifying);
    trusting = onceNeeded(ProbeResources::trustful);
    driver = onceNeeded(OpenSsl::isAvailable);
    epoll = onceNeeded(Epoll::isAvailable);
    sessions = new SessionLoops(timer);
    names = new Names(loops.next(), resolver);
  }

  /** Starts the threads; names are resolved by the servers that the system names. */
  public static ProbeResources create() {
    return create(Resolver.SYSTEM);
  }

  /** Starts the threads; names are resolved by these servers. */
  public static ProbeResources create(Resolver resolver) {
    return new ProbeResources(
        resolver, () -> client().build(), Surroundings.metadata(System::getenv));
  }

  /** As {@link #create()}, with a name server and trust of the caller's choice. */
  static ProbeResources with(@Nullable InetSocketAddress nameServer, SslContext verifying) {
    Resolver resolver =
        nameServer == null
            ? Resolver.SYSTEM
            : new Resolver(
                List.of(
                    new Resolver.Server(
                        nameServer.getAddress().getHostAddress(), nameServer.getPort())));
    return new ProbeResources(resolver, () -> verifying, null);
  }

  /** The same beside a metadata server of the caller's choice. */
  static ProbeResources beside(InetSocketAddress metadata) {
    return new ProbeResources(Resolver.SYSTEM, () -> client().build(), metadata);
  }

  /** The metadata server of the cloud that this runs in; null where there is none. */
  @Nullable InetSocketAddress metadata() {
    return metadata;
  }

  /** Java reads its trusted authorities for a third of a second: not while a gateway starts. */
  private <T> Mono<T> onceNeeded(Callable<T> context) {
    return Mono.fromCallable(context)
        .subscribeOn(elastic)
        .cache(made -> Duration.ofDays(365), failure -> Duration.ZERO, () -> Duration.ZERO);
  }

  private static SslContext trustful() throws SSLException {
    return client()
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .endpointIdentificationAlgorithm(null)
        .build();
  }

  EventLoopGroup loops() {
    return loops;
  }

  /** Where the PostgreSQL driver runs. */
  SessionLoops sessions() {
    return sessions;
  }

  /**
   * Where it runs by a socket's file, which Netty and the driver together have by epoll alone; made
   * when it is first asked for.
   */
  synchronized SessionLoops localSessions() {
    SessionLoops made = localSessions;
    if (made == null) {
      made = new SessionLoops(timer, EpollIoHandler::newFactory);
      localSessions = made;
    }
    return made;
  }

  /** Where deadlines fire. */
  Scheduler timer() {
    return timer;
  }

  /** Runs what may block, such as the tasks of a TLS engine. */
  Executor blocking() {
    return elastic::schedule;
  }

  /** Emits whether sessions by a socket's file can be had: its native library is there or not. */
  Mono<Boolean> epoll() {
    return epoll;
  }

  /**
   * Emits once the driver can be used on an event loop: it loads a native library, if there is one.
   */
  Mono<Boolean> driver() {
    return driver;
  }

  /** Verifies certificate and host name; made once, when it is first asked for. */
  Mono<SslContext> verifying() {
    return verifying;
  }

  /**
   * Verifies as {@link #verifying()} does, by the authorities of a backend; fails where these
   * cannot be read. Made once, away from the event loops.
   */
  Mono<SslContext> believing(Backend.Tls tls) {
    String ca = tls.ca();
    return ca == null ? verifying : believing.computeIfAbsent(ca, this::believing);
  }

  private Mono<SslContext> believing(String ca) {
    return onceNeeded(() -> client().trustManager(Authorities.read(Path.of(ca))).build());
  }

  /** Verifies what the sslmode of a database demands: nothing for prefer and require. */
  Mono<SslContext> verifying(Target.Postgres target) {
    if (!target.ssl().verifies()) {
      return trusting;
    }
    boolean name = target.ssl() == Target.SslMode.VERIFY_FULL;
    return databases.computeIfAbsent(
        name + " " + target.rootCertificate(),
        key -> authorities(target).flatMap(believed -> onceNeeded(() -> context(believed, name))));
  }

  private static SslContext context(List<X509Certificate> believed, boolean name)
      throws SSLException {
    SslContextBuilder builder = client();
    if (!believed.isEmpty()) {
      builder.trustManager(believed);
    }
    return (name ? builder : builder.endpointIdentificationAlgorithm(null)).build();
  }

  /** Whom a database's certificate must come from; empty for the platform's, and without TLS. */
  Mono<List<X509Certificate>> authorities(Target.Postgres target) {
    String root = target.rootCertificate();
    return root == null
        ? Mono.just(List.of())
        : authorities.computeIfAbsent(root, r -> onceNeeded(() -> Authorities.read(Path.of(r))));
  }

  Names names() {
    return names;
  }

  /** Ends all threads and closes their sockets; waits two seconds at most. */
  @Override
  public void close() {
    names.close();
    sessions.close();
    SessionLoops local = localSessions;
    if (local != null) {
      local.close();
    }
    timer.dispose();
    elastic.dispose();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  private static SslContextBuilder client() {
    return SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
  }
}
