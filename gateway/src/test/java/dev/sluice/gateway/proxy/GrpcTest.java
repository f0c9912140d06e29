package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gRPC client and a gRPC server of their own makers, with the gateway between them. */
@Timeout(60)
final class GrpcTest {
  private static final MethodDescriptor<String, String> UNARY = method("api", MethodType.UNARY);
  private static final MethodDescriptor<String, String> DOWN =
      method("down", MethodType.SERVER_STREAMING);
  private static final MethodDescriptor<String, String> BOTH =
      method("both", MethodType.BIDI_STREAMING);

  private final CompletableFuture<Boolean> waiting = new CompletableFuture<>();
  private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
  private Server server;
  private Rig rig;
  private ManagedChannel channel;

  private static MethodDescriptor<String, String> method(String name, MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName("api/" + name)
        .setRequestMarshaller(new Texts())
        .setResponseMarshaller(new Texts())
        .build();
  }

  private static final class Texts implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void start() throws IOException {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("api")
            .addMethod(UNARY, ServerCalls.asyncUnaryCall(this::unary))
            .addMethod(DOWN, ServerCalls.asyncServerStreamingCall(GrpcTest::down))
            .addMethod(BOTH, ServerCalls.asyncBidiStreamingCall(GrpcTest::both))
            .build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(service)
            .build()
            .start();
    rig = Rig.before("http://127.0.0.1:" + server.getPort(), ", http2: true");
    channel = NettyChannelBuilder.forAddress("127.0.0.1", rig.front.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    rig.close();
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  private void unary(String request, StreamObserver<String> answer) {
    switch (request) {
      case "fail" -> answer.onError(Status.NOT_FOUND.withDescription("none").asRuntimeException());
      case "never" -> {
        ((ServerCallStreamObserver<String>) answer)
            .setOnCancelHandler(() -> cancelled.complete(true));
        waiting.complete(true);
      }
      default -> {
        answer.onNext(request + "!");
        answer.onCompleted();
      }
    }
  }

  private static void down(String request, StreamObserver<String> answer) {
    for (int i = 0; i < Integer.parseInt(request); i++) {
      answer.onNext("message " + i);
    }
    answer.onCompleted();
  }

  private static StreamObserver<String> both(StreamObserver<String> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(String value) {
        answer.onNext("got " + value);
      }

      @Override
      public void onError(Throwable failure) {
        // the client has gone
      }

      @Override
      public void onCompleted() {
        answer.onCompleted();
      }
    };
  }

  private String ask(String request, CallOptions options) {
    return ClientCalls.blockingUnaryCall(channel, UNARY, options, request);
  }

  @Test
  void oneMessageIsAnsweredByOne() {
    assertThat(ask("hello", CallOptions.DEFAULT)).isEqualTo("hello!");
    String large = "x".repeat(3 << 20);
    assertThat(ask(large, CallOptions.DEFAULT)).isEqualTo(large + "!");
  }

  @Test
  void aFailureIsTheServersOwn() {
    assertThatThrownBy(() -> ask("fail", CallOptions.DEFAULT))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
              assertThat(failure.getStatus().getDescription()).isEqualTo("none");
            });
  }

  @Test
  void aStreamOfMessagesComesInOrder() {
    Iterator<String> messages =
        ClientCalls.blockingServerStreamingCall(channel, DOWN, CallOptions.DEFAULT, "5000");
    List<String> came = new ArrayList<>();
    messages.forEachRemaining(came::add);
    assertThat(came).hasSize(5000).startsWith("message 0", "message 1").endsWith("message 4999");
  }

  @Test
  void bothSidesStreamAtOnce() {
    List<String> came = new ArrayList<>();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    StreamObserver<String> up =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(BOTH, CallOptions.DEFAULT),
            new StreamObserver<>() {
              @Override
              public void onNext(String value) {
                came.add(value);
              }

              @Override
              public void onError(Throwable failure) {
                ended.completeExceptionally(failure);
              }

              @Override
              public void onCompleted() {
                ended.complete(true);
              }
            });
    for (int i = 0; i < 100; i++) {
      up.onNext("m" + i);
    }
    await().until(() -> came.size() == 100);
    up.onCompleted();
    assertThat(ended.join()).isTrue();
    assertThat(came).startsWith("got m0").endsWith("got m99");
  }

  @Test
  void aDeadlineThatPassesCancelsAtTheServer() throws Exception {
    ask("first", CallOptions.DEFAULT); // so that the deadline is not used up by a first call
    CallOptions soon = CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS);
    assertThatThrownBy(() -> ask("never", soon))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure ->
                assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    assertThat(cancelled.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(rig.faults).isEmpty();
  }

  @Test
  void aCancelledCallIsCancelledAtTheServer() throws Exception {
    ClientCall<String, String> call = channel.newCall(UNARY, CallOptions.DEFAULT);
    CompletableFuture<Status> closed = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            closed.complete(status);
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage("never");
    call.halfClose();
    waiting.get(5, TimeUnit.SECONDS);
    call.cancel("no longer wanted", null);
    assertThat(closed.get(5, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.CANCELLED);
    assertThat(cancelled.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(ask("after", CallOptions.DEFAULT)).isEqualTo("after!");
    assertThat(rig.faults).isEmpty();
  }
}
