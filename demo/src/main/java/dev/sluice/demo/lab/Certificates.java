package dev.sluice.demo.lab;

import dev.sluice.demo.postgres.Leftovers;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An authority, and the certificates that a database may show, good and bad; made once by the JDK's
 * keytool, in a folder that goes with them.
 */
final class Certificates implements AutoCloseable {
  /** The host that good certificates name. */
  static final String HOST = "localhost";

  private static final String PASSWORD = "changeit";

  private final Path folder = Leftovers.folder("sluice-lab-keys-");
  private final Path store = folder.resolve("keys.p12");
  private final SslContext good;
  private final SslContext expired;
  private final SslContext anothers;
  private final SslContext unbelieved;

  Certificates() {
    key("authority", "-ext", "bc:c");
    key("stranger", "-ext", "bc:c");
    good = shown("good", "authority", HOST, "-1d");
    expired = shown("expired", "authority", HOST, "-60d");
    anothers = shown("another", "authority", "other.example", "-1d");
    unbelieved = shown("unbelieved", "stranger", HOST, "-1d");
    Leftovers.step(() -> Files.writeString(root(), pem()));
  }

  /** The authority's certificate as a file. */
  Path root() {
    return folder.resolve("root.pem");
  }

  SslContext good() {
    return good;
  }

  SslContext expired() {
    return expired;
  }

  /** Of another host. */
  SslContext anothers() {
    return anothers;
  }

  /** Of an authority that nobody believes. */
  SslContext unbelieved() {
    return unbelieved;
  }

  /** Good for thirty days from the start on. */
  private SslContext shown(String alias, String signer, String host, String start) {
    key(
        alias,
        "-signer",
        signer,
        "-ext",
        "san=dns:" + host,
        "-startdate",
        start,
        "-validity",
        "30");
    try {
      KeyStore keys = keys();
      X509Certificate[] chain =
          Arrays.stream(keys.getCertificateChain(alias))
              .map(X509Certificate.class::cast)
              .toArray(X509Certificate[]::new);
      PrivateKey key = (PrivateKey) keys.getKey(alias, PASSWORD.toCharArray());
      return SslContextBuilder.forServer(key, chain).build();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the certificate " + alias + " cannot be used", e);
    }
  }

  private String pem() throws IOException {
    try {
      byte[] encoded = keys().getCertificate("authority").getEncoded();
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IOException("the authority's certificate cannot be written", e);
    }
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private void key(String alias, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=lab"));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    command.addAll(List.of(options));
    try {
      Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IllegalStateException("keytool made no certificate: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("keytool cannot be run: the lab needs a JDK", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    Leftovers.drop(folder);
  }
}
