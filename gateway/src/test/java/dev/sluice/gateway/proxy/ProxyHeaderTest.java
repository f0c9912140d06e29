package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyHeaderTest {
  private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
  private static final String LONGEST =
      "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
          + " ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n";

  /** A header of version 2: signature, command, family, length and this block. */
  static byte[] block(int command, int family, byte[] block) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(SIGNATURE.getBytes(StandardCharsets.ISO_8859_1));
    bytes.write(command);
    bytes.write(family);
    bytes.write(block.length >> 8);
    bytes.write(block.length);
    bytes.writeBytes(block);
    return bytes.toByteArray();
  }

  /** Source and destination, ports where the family has them, and extensions. */
  static byte[] addresses(String source, String target, int... extensions) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(Objects.requireNonNull(Addresses.parse(source)).getAddress());
    bytes.writeBytes(Objects.requireNonNull(Addresses.parse(target)).getAddress());
    bytes.writeBytes(new byte[] {1, 2, 3, 4});
    for (int each : extensions) {
      bytes.write(each);
    }
    return bytes.toByteArray();
  }

  private static ProxyHeader read(byte[] bytes) throws ProxyHeader.Unreadable {
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    return ProxyHeader.read(in.skipBytes(0));
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Every beginning of it is unfinished, the whole is read, and what follows is left alone. */
  private static void readsWhole(byte[] header, String source) throws ProxyHeader.Unreadable {
    for (int i = 0; i < header.length; i++) {
      assertThat(read(java.util.Arrays.copyOf(header, i))).as("the first %d bytes", i).isNull();
    }
    byte[] more = java.util.Arrays.copyOf(header, header.length + 3);
    for (byte[] bytes : new byte[][] {header, more}) {
      ProxyHeader found = read(bytes);
      assertThat(found.length()).isEqualTo(header.length);
      String named = found.source() == null ? null : Addresses.text(found.source());
      assertThat(named).isEqualTo(source);
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "PROXY TCP4 6.6.6.6 10.0.0.1 56324 443,6.6.6.6",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535,255.255.255.255",
        "PROXY TCP6 2001:DB8::1 ::1 0 1,2001:db8::1",
        "PROXY TCP6 ::ffff:6.6.6.6 ::1 0 1,6.6.6.6",
        "PROXY UNKNOWN,-",
        "PROXY UNKNOWN and whatever else,-",
      })
  void linesAreRead(String line, String source) throws ProxyHeader.Unreadable {
    readsWhole(latin(line + "\r\n"), source);
  }

  @Test
  void theLongestLineIsRead() throws ProxyHeader.Unreadable {
    assertThat(LONGEST).hasSize(ProxyHeader.MAX_LINE);
    readsWhole(latin(LONGEST), null);
    assertThatThrownBy(() -> read(latin("PROXY UNKNOWN " + "x".repeat(93))))
        .isInstanceOf(ProxyHeader.Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "PROXX",
        "proxy TCP4",
        "PROXY\tTCP4",
        "PROXY \r\n",
        "PROXY UNKNOWNX\r\n",
        "PROXY TCP4 6.6.6.6 10.0.0.1 1 2\n",
        "PROXY TCP4 6.6.6.6 10.0.0.1 1 2\rX",
        "PROXY TCP4 6.6.6.6 10.0.0.1 1\r\n",
        "PROXY TCP4 6.6.6.6 10.0.0.1 1 2 \r\n",
        "PROXY TCP4 6.6.6.6 10.0.0.1 1 2 3\r\n",
        "PROXY TCP4  6.6.6.6 10.0.0.1 1 2\r\n",
        "PROXY TCP4 6.6.6.06 10.0.0.1 1 2\r\n",
        "PROXY TCP4 6.6.6.6 10.0.0.256 1 2\r\n",
        "PROXY TCP4 6.6.6.6 10.0.0.1 01 2\r\n",
        "PROXY TCP4 6.6.6.6 10.0.0.1 1 65536\r\n",
        "PROXY TCP4 6.6.6.6 10.0.0.1 -1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP6 6.6.6.6 10.0.0.1 1 2\r\n",
        "PROXY TCP6 ::1%lo ::1 1 2\r\n",
        "PROXY UDP4 6.6.6.6 10.0.0.1 1 2\r\n",
        "PROXY SCTP\r\n",
        "\r\n\r\n\0\r\nQUIX",
        "\r\nG",
        "\0",
      })
  void otherBeginningsAreRefused(String bytes) {
    assertThatThrownBy(() -> read(latin(bytes))).isInstanceOf(ProxyHeader.Unreadable.class);
  }

  @Test
  void blocksAreRead() throws ProxyHeader.Unreadable {
    byte[] v4 = addresses("6.6.6.6", "10.0.0.1");
    byte[] v6 = addresses("2001:db8::1", "::1");
    readsWhole(block(0x21, 0x11, v4), "6.6.6.6");
    readsWhole(block(0x21, 0x21, v6), "2001:db8::1");
    readsWhole(
        block(0x21, 0x11, addresses("6.6.6.6", "1.1.1.1", 4, 0, 2, 9, 9, 1, 0, 0)), "6.6.6.6");
    readsWhole(block(0x21, 0x31, new byte[216]), null);
    readsWhole(block(0x21, 0x32, new byte[216]), null);
    readsWhole(block(0x21, 0x12, v4), null);
    readsWhole(block(0x21, 0x22, v6), null);
    readsWhole(block(0x21, 0x00, new byte[0]), null);
    readsWhole(block(0x21, 0x00, new byte[] {1, 2}), null);
    readsWhole(block(0x20, 0x00, new byte[0]), null);
    readsWhole(block(0x20, 0x11, v4), null);
    readsWhole(block(0x20, 0xff, new byte[] {1}), null);
  }

  @Test
  void blocksThatAreNotOfTheProtocolAreRefused() {
    byte[] v4 = addresses("6.6.6.6", "10.0.0.1");
    byte[][] bad = {
      block(0x22, 0x11, v4),
      block(0x11, 0x11, v4),
      block(0x31, 0x11, v4),
      block(0x21, 0x41, v4),
      block(0x21, 0x13, v4),
      block(0x21, 0x11, new byte[11]),
      block(0x21, 0x21, new byte[35]),
      block(0x21, 0x31, new byte[215]),
      block(0x21, 0x11, addresses("6.6.6.6", "10.0.0.1", 4, 0)),
      block(0x21, 0x11, addresses("6.6.6.6", "10.0.0.1", 4, 0, 1)),
      block(0x21, 0x11, addresses("6.6.6.6", "10.0.0.1", 4, 255, 255)),
      java.util.Arrays.copyOf(block(0x20, 0, new byte[ProxyHeader.MAX_BLOCK - 15]), 16),
    };
    for (byte[] each : bad) {
      assertThatThrownBy(() -> read(each)).isInstanceOf(ProxyHeader.Unreadable.class);
    }
  }

  @Test
  void theLongestBlockIsRead() throws ProxyHeader.Unreadable {
    byte[] longest = block(0x20, 0, new byte[ProxyHeader.MAX_BLOCK - 16]);
    assertThat(read(longest).length()).isEqualTo(ProxyHeader.MAX_BLOCK);
  }
}
