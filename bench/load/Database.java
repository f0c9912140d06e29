import dev.sluice.demo.postgres.EmbeddedPostgres;

/** A PostgreSQL of its own: prints where it listens, and runs until it is ended. */
public final class Database {
  public static void main(String[] args) throws Exception {
    EmbeddedPostgres postgres = EmbeddedPostgres.start();
    Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
    System.out.println(
        postgres.port() + " " + postgres.user() + " " + postgres.password() + " "
            + postgres.database());
    Thread.sleep(Long.MAX_VALUE);
  }
}
