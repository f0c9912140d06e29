package dev.sluice.probes.ladder;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A certificate for localhost, made by the JDK's keytool, and servers that show it. */
final class SelfSigned {
  private static final String PASSWORD = "changeit";

  private final KeyStore keys;

  private SelfSigned(KeyStore keys) {
    this.keys = keys;
  }

  static SelfSigned create() throws IOException, GeneralSecurityException, InterruptedException {
    return create("san=dns:localhost,ip:127.0.0.1", "-0d", "90");
  }

  /**
   * A certificate of one's choice.
   *
   * @param names as keytool takes them
   * @param start from now, such as {@code -10d}
   * @param days how long it is good from then on
   */
  static SelfSigned create(String names, String start, String days)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path folder = Files.createTempDirectory("sluice-tls");
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                names,
                "-startdate",
                start,
                "-validity",
                days,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IOException("keytool failed: " + output);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    Files.delete(store);
    Files.delete(folder);
    return new SelfSigned(keys);
  }

  X509Certificate certificate() throws GeneralSecurityException {
    return (X509Certificate) keys.getCertificate("server");
  }

  String certificatePem() throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate().getEncoded());
  }

  String keyPem() throws GeneralSecurityException {
    return pem("PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
  }

  /** Speaks TLS at once, reads a little and answers with these bytes. */
  ScriptedServer.Script answering(byte[] answer) {
    return socket -> {
      SSLSocket tls = secure(socket);
      tls.getInputStream().readNBytes(8);
      tls.getOutputStream().write(answer);
      tls.getOutputStream().flush();
    };
  }

  /** The server's side of TLS on an accepted connection. */
  SSLSocket secure(Socket socket) throws IOException {
    try {
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      SSLSocket tls =
          (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
      tls.setUseClientMode(false);
      tls.startHandshake();
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static String pem(String kind, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }
}
