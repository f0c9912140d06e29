package dev.sluice.gateway.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** An authority and the certificates that it signs, made by the JDK's keytool. */
final class TestAuthority {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path store;

  /** Keeps its keys, and its certificate as {@code ca.pem}, in that folder. */
  TestAuthority(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
    this.folder = folder;
    store = folder.resolve("keys.p12");
    key("ca", "CN=Test authority", "-ext", "bc:c");
    String base64 =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(keys().getCertificate("ca").getEncoded());
    Files.writeString(
        certificate(), "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
  }

  Path certificate() {
    return folder.resolve("ca.pem");
  }

  /** TLS of a server whose certificate is for these names, such as {@code dns:localhost}. */
  SSLContext server(String names, String... more)
      throws IOException, GeneralSecurityException, InterruptedException {
    String alias = "server" + Files.size(store);
    List<String> options = new ArrayList<>(List.of("-signer", "ca", "-ext", "san=" + names));
    options.addAll(List.of(more));
    key(alias, "CN=server", options.toArray(String[]::new));
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    KeyStore all = keys();
    char[] password = PASSWORD.toCharArray();
    one.setKeyEntry(alias, all.getKey(alias, password), password, all.getCertificateChain(alias));
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(one, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** The chain and the key of a server for these names, in PEM files of this name. */
  void write(String file, String names)
      throws IOException, GeneralSecurityException, InterruptedException {
    String alias = file + Files.size(store);
    key(alias, "CN=server", "-signer", "ca", "-ext", "san=" + names);
    KeyStore all = keys();
    Files.writeString(
        folder.resolve(file + ".pem"),
        pem("CERTIFICATE", all.getCertificate(alias).getEncoded())
            + pem("CERTIFICATE", all.getCertificate("ca").getEncoded()));
    Files.writeString(
        folder.resolve(file + ".key"),
        pem("PRIVATE KEY", all.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
  }

  private static String pem(String kind, byte[] bytes) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }

  /** Trusts this authority, and shows a certificate of its own where a name is given. */
  SSLContext client(String... names)
      throws IOException, GeneralSecurityException, InterruptedException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", keys().getCertificate("ca"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    char[] password = PASSWORD.toCharArray();
    for (String name : names) {
      String alias = "client" + Files.size(store);
      key(alias, "CN=" + name, "-signer", "ca");
      KeyStore all = keys();
      one.setKeyEntry(alias, all.getKey(alias, password), password, all.getCertificateChain(alias));
    }
    own.init(one, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /** The server's side of TLS, over any of these versions. */
  static WireBackend.Layer speaking(SSLContext context, String... versions) {
    return plain -> {
      Socket over = context.getSocketFactory().createSocket(plain, null, plain.getPort(), false);
      SSLSocket tls = (SSLSocket) over;
      tls.setUseClientMode(false);
      if (versions.length > 0) {
        tls.setEnabledProtocols(versions);
      }
      tls.startHandshake();
      return tls;
    };
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private void key(String alias, String name, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", name));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", store.toString()));
    command.addAll(List.of(options));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IOException("keytool failed: " + output);
    }
  }
}
