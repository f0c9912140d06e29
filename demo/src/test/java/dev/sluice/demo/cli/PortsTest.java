package dev.sluice.demo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void freePortsAreTakenAsAsked() {
    Ports ports = Ports.choose(0, 0);
    assertThat(ports).isEqualTo(new Ports(0, 0, ports.remarks()));
    assertThat(ports.remarks()).isEmpty();
  }

  @Test
  void aTakenAdminPortGivesWayAndSaysSo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Ports ports = Ports.choose(0, taken.getLocalPort());
      assertThat(ports.adminPort()).isZero();
      assertThat(ports.remarks())
          .singleElement()
          .asString()
          .contains("Admin port " + taken.getLocalPort(), "taken", "--admin-port");
    }
  }

  @Test
  void aTakenPublicPortThatWasAskedForIsAnError() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThatThrownBy(() -> Ports.choose(taken.getLocalPort(), 0))
          .hasMessageContaining("port " + taken.getLocalPort() + " is taken")
          .hasMessageContaining("--port");
    }
  }
}
