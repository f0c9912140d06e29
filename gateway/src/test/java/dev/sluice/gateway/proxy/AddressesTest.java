package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.resolver.ResolvedAddressTypes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Backends with several addresses, and names whose addresses change. */
final class AddressesTest {
  private static final String QUICK = ", connect-deadline: 2s, response-deadline: 300ms";

  private static WireBackend on(String host, int port, String text) throws IOException {
    return new WireBackend(WireBackend.text(text), host, port, plain -> plain);
  }

  private static String urls(int port, String... hosts) {
    StringBuilder urls = new StringBuilder("urls: [");
    for (String host : hosts) {
      urls.append("\"http://").append(host).append(':').append(port).append("\", ");
    }
    return urls.append("]").toString();
  }

  private static String named(int port) {
    return "url: \"http://orders.internal:%d\", pool-idle: 10m".formatted(port);
  }

  @Test
  void requestsGoToAllAddresses() throws IOException {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        WireBackend two = on("127.0.0.2", one.port(), "two");
        WireBackend three = on("127.0.0.3", one.port(), "three");
        UpstreamRig rig = new UpstreamRig(urls(one.port(), "127.0.0.1", "127.0.0.2", "127.0.0.3"));
        WireClient client = rig.client()) {
      for (int i = 0; i < 300; i++) {
        assertThat(client.get("/api/x").status()).isEqualTo(200);
      }
      for (WireBackend each : new WireBackend[] {one, two, three}) {
        assertThat(each.requests).hasSizeBetween(50, 150);
        assertThat(each.connections).hasValue(1);
      }
    }
  }

  @Test
  void aBusyAddressGetsLess() throws Exception {
    try (WireBackend slow = on("127.0.0.1", 0, "slow");
        WireBackend quick = on("127.0.0.2", slow.port(), "quick");
        UpstreamRig rig = new UpstreamRig(urls(slow.port(), "127.0.0.1", "127.0.0.2"))) {
      slow.script((request, in, out) -> in.read() < 0);
      List<WireClient> hanging = new ArrayList<>();
      while (slow.requests.isEmpty()) {
        assertThat(hanging).as("requests that all went to one address").hasSizeLessThan(100);
        int before = slow.requests.size() + quick.requests.size();
        WireClient client = rig.client();
        hanging.add(client);
        client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
        await().until(() -> slow.requests.size() + quick.requests.size() > before);
      }
      for (int i = 0; i < 50; i++) {
        assertThat(rig.get().text()).isEqualTo("quick");
      }
      for (WireClient each : hanging) {
        each.close();
      }
    }
  }

  @Test
  void whatRefusesIsLeftForTheNextAtOnce() throws IOException {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        UpstreamRig rig =
            new UpstreamRig(urls(one.port(), "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"))) {
      for (int i = 0; i < 60; i++) {
        assertThat(rig.get().text()).isEqualTo("one");
      }
      assertThat(rig.witnessed).hasSize(60).containsOnly("200");
      assertThat(rig.figures().failures()).isPositive();
      assertThat(rig.figures().ejections()).isEqualTo(2);
      assertThat(rig.figures().ejected()).containsEntry("127.0.0.1:" + one.port(), false);
    }
  }

  @Test
  void whatIsSilentIsLeftWithinTheConnectDeadline() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        ServerSocket full = new ServerSocket(one.port(), 1, InetAddress.getByName("127.0.0.2"));
        Socket first = new Socket();
        Socket second = new Socket();
        UpstreamRig rig =
            new UpstreamRig(
                urls(one.port(), "127.0.0.1", "127.0.0.2") + ", connect-deadline: 1s")) {
      first.connect(full.getLocalSocketAddress(), 1000);
      second.connect(full.getLocalSocketAddress(), 1000);
      for (int i = 0; rig.figures().failures() == 0; i++) {
        assertThat(i).as("requests that all went to one address").isLessThan(100);
        long before = System.nanoTime();
        assertThat(rig.get().text()).isEqualTo("one");
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.MILLISECONDS.toNanos(990));
      }
      assertThat(rig.witnessed).containsOnly("200");
    }
  }

  @Test
  void anAddressThatFailsInARowIsLeftOutUntilATrialIsWell() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        WireBackend two = on("127.0.0.2", one.port(), "two");
        UpstreamRig rig = new UpstreamRig(urls(one.port(), "127.0.0.1", "127.0.0.2") + QUICK);
        WireClient client = rig.client()) {
      two.script(WireBackend.raw(WireBackend.answer("503 Service Unavailable", "two"), true));
      int failed = 0;
      for (int i = 0; i < 200; i++) {
        failed += client.get("/api/x").status() == 503 ? 1 : 0;
      }
      assertThat(failed).isEqualTo(5);
      assertThat(rig.figures().ejected()).containsEntry("127.0.0.2:" + one.port(), true);
      rig.ahead(Duration.ofSeconds(11));
      for (int i = 0; i < 50; i++) {
        failed += client.get("/api/x").status() == 503 ? 1 : 0;
      }
      assertThat(failed).as("one bad trial").isEqualTo(6);
      two.script(WireBackend.text("two"));
      rig.ahead(Duration.ofSeconds(11));
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("/api/x").text()).as("twice as long").isEqualTo("one");
      }
      rig.ahead(Duration.ofSeconds(11));
      int back = 0;
      for (int i = 0; i < 100; i++) {
        back += client.get("/api/x").text().equals("two") ? 1 : 0;
      }
      assertThat(back).isBetween(20, 80);
      assertThat(rig.figures().ejections()).isEqualTo(2);
    }
  }

  @Test
  void anAnswerThatTheApplicationMadeEjectsNothing() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        WireBackend two = on("127.0.0.2", one.port(), "two");
        UpstreamRig rig = new UpstreamRig(urls(one.port(), "127.0.0.1", "127.0.0.2"));
        WireClient client = rig.client()) {
      two.script(
          WireBackend.raw(
              "HTTP/1.1 503 No\r\nX-Application: orders\r\nContent-Length: 0\r\n\r\n", true));
      for (int i = 0; i < 100; i++) {
        client.get("/api/x");
      }
      assertThat(two.requests).hasSizeGreaterThan(20);
      assertThat(rig.figures().ejections()).isZero();
    }
  }

  @Test
  void aFurtherTryGoesToAnotherAddress() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        WireBackend two = on("127.0.0.2", one.port(), "two");
        UpstreamRig rig = new UpstreamRig(urls(one.port(), "127.0.0.1", "127.0.0.2"))) {
      two.script(
          WireBackend.raw(
              "HTTP/1.1 503 No\r\nX-Application: orders\r\nContent-Length: 0\r\n\r\n", true));
      while (two.requests.size() < 15) {
        try (WireClient client = rig.client()) {
          assertThat(client.get("/retry/x").text()).isEqualTo("one");
        }
        rig.ahead(Duration.ofSeconds(1)); // the budget of further tries is one of time
      }
    }
  }

  @Test
  void resetsAndSilenceEject() throws Exception {
    WireBackend.Script dies = (request, in, out) -> false;
    WireBackend.Script silent = (request, in, out) -> in.read() < 0;
    for (WireBackend.Script bad : new WireBackend.Script[] {dies, silent}) {
      try (WireBackend one = on("127.0.0.1", 0, "one");
          WireBackend two = on("127.0.0.2", one.port(), "two");
          UpstreamRig rig = new UpstreamRig(urls(one.port(), "127.0.0.1", "127.0.0.2") + QUICK);
          WireClient client = rig.client()) {
        two.script(bad);
        int failed = 0;
        for (int i = 0; i < 60; i++) {
          failed += client.get("/api/x").status() == 200 ? 0 : 1;
        }
        assertThat(failed).isEqualTo(5);
        assertThat(rig.figures().ejections()).isEqualTo(1);
      }
    }
  }

  @Test
  void clientsThatLeaveEjectNothing() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        WireBackend two = on("127.0.0.2", one.port(), "two");
        UpstreamRig rig = new UpstreamRig(urls(one.port(), "127.0.0.1", "127.0.0.2"))) {
      WireBackend.Script waits = (request, in, out) -> in.read() < 0;
      one.script(waits);
      two.script(waits);
      for (int i = 0; i < 20; i++) {
        int before = one.requests.size() + two.requests.size();
        try (WireClient client = rig.client()) {
          client.send("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n");
          await().until(() -> one.requests.size() + two.requests.size() > before);
          client.kill();
        }
      }
      await().until(() -> rig.figures().open() == 0);
      assertThat(rig.figures().ejections()).isZero();
    }
  }

  @Test
  void aSingleAddressAndMoreThanHalfAreNeverEjected() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        WireBackend two = on("127.0.0.2", one.port(), "two");
        WireBackend three = on("127.0.0.3", one.port(), "three");
        UpstreamRig alone = new UpstreamRig("url: \"http://127.0.0.1:%d\"".formatted(one.port()));
        UpstreamRig rig = new UpstreamRig(urls(one.port(), "127.0.0.1", "127.0.0.2", "127.0.0.3"));
        WireClient lone = alone.client();
        WireClient client = rig.client()) {
      for (WireBackend each : new WireBackend[] {one, two, three}) {
        each.script(WireBackend.raw(WireBackend.answer("502 Bad Gateway", ""), true));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(client.get("/api/x").status()).isEqualTo(502);
        assertThat(lone.get("/api/x").status()).isEqualTo(502);
        assertThat(rig.figures().ejected().values().stream().filter(b -> b)).hasSizeLessThan(2);
      }
      assertThat(alone.figures().ejections()).isZero();
      assertThat(rig.figures().ejected().values().stream().filter(b -> b)).hasSize(1);
    }
  }

  @Test
  void aChangedAnswerOfTheNameServerIsFollowed() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        WireBackend two = on("127.0.0.2", one.port(), "two");
        StubNameServer names = new StubNameServer(1, "127.0.0.1");
        UpstreamRig rig = new UpstreamRig(named(one.port()), names::asked)) {
      assertThat(rig.get().text()).isEqualTo("one");
      names.says(1, "127.0.0.1", "127.0.0.2");
      await().until(() -> rig.get().text().equals("two"));
      assertThat(one.closed).hasValue(0);
      names.says(1, "127.0.0.2");
      await().untilAtomic(one.closed, org.hamcrest.Matchers.is(1));
      for (int i = 0; i < 20; i++) {
        assertThat(rig.get().text()).isEqualTo("two");
      }
      assertThat(two.closed).hasValue(0);
      assertThat(rig.witnessed).containsOnly("200");
    }
  }

  @Test
  void aNameIsNotAskedForMoreOftenThanItsRecordsSay() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        StubNameServer names = new StubNameServer(600, "127.0.0.1");
        UpstreamRig rig = new UpstreamRig(named(one.port()), names::asked)) {
      assertThat(rig.get().text()).isEqualTo("one");
      int asked = names.questions.get();
      Rig.pause(Duration.ofMillis(2500));
      assertThat(rig.get().text()).isEqualTo("one");
      assertThat(names.questions).hasValue(asked);
    }
  }

  @Test
  void aLookupThatFailsKeepsTheLastAnswerForAWhile() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        StubNameServer names = new StubNameServer(1, "127.0.0.1");
        UpstreamRig rig = new UpstreamRig(named(one.port()), names::asked)) {
      assertThat(rig.get().text()).isEqualTo("one");
      names.fails();
      int asked = names.questions.get();
      await().until(() -> names.questions.get() > asked + 4);
      assertThat(rig.get().text()).isEqualTo("one");
      rig.ahead(Duration.ofMinutes(11));
      await().until(() -> rig.get().status() == 502);
      assertThat(rig.get().text()).contains("the backend's name cannot be resolved");
      names.says(1, "127.0.0.1");
      await().until(() -> rig.get().status() == 200);
    }
  }

  /** Whoever has the name server say so would read the platform's tokens through the gateway. */
  @Test
  void noNameLeadsToThePlatformsOwnAddress() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        StubNameServer names = new StubNameServer(1, "169.254.169.254", "127.0.0.1");
        UpstreamRig rig = new UpstreamRig(named(one.port()), names::asked)) {
      for (int i = 0; i < 10; i++) {
        assertThat(rig.get().text()).isEqualTo("one");
      }
      names.says(1, "169.254.169.254");
      rig.ahead(Duration.ofMinutes(11));
      await().until(() -> rig.get().status() == 502);
      assertThat(rig.get().text()).contains("the backend's name cannot be resolved");
    }
  }

  @Test
  void requestsWaitForTheFirstAnswerOfTheNameServer() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        StubNameServer names = new StubNameServer(1)) {
      names.fails();
      try (UpstreamRig rig = new UpstreamRig(named(one.port()), names::asked)) {
        assertThat(rig.get().text()).contains("the backend's name cannot be resolved");
        assertThat(rig.witnessed).containsExactly("CONNECT");
      }
    }
  }

  @Test
  void bothFamiliesAreUsed() throws Exception {
    try (WireBackend one = on("127.0.0.1", 0, "one");
        StubNameServer names = new StubNameServer(1, "::1", "127.0.0.1");
        UpstreamRig rig =
            new UpstreamRig(
                named(one.port()),
                builder ->
                    names
                        .asked(builder)
                        .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED))) {
      for (int i = 0; i < 40; i++) {
        assertThat(rig.get().text()).isEqualTo("one");
      }
      assertThat(rig.figures().ejected())
          .containsEntry("127.0.0.1:" + one.port(), false)
          .containsEntry("[0:0:0:0:0:0:0:1]:" + one.port(), true);
    }
  }

  @Test
  void aTargetThatIsNotThereIsOneRefusal() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket()) {
      free.bind(new InetSocketAddress("127.0.0.1", 0));
      port = free.getLocalPort();
    }
    try (UpstreamRig rig = new UpstreamRig(urls(port, "127.0.0.1", "127.0.0.2"))) {
      WireClient.Answer answer = rig.get();
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.text()).contains("the backend refuses connections");
      assertThat(rig.witnessed).containsExactly("CONNECT");
      assertThat(rig.figures().failures()).isEqualTo(2);
    }
  }
}
