package io.retort.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * S3Proxy as a process of its own, which keeps a bucket in a directory and checks signatures; it
 * can be killed and started again. Maven brings its jar to {@code target/s3-service}.
 */
public final class S3Service implements AutoCloseable {

  private static final Path JAR = Path.of("target/s3-service/s3proxy.jar");
  private static final String BUCKET = "retort";

  private final Path directory;
  private final int port;
  private Process process;

  /**
   * Starts it with an empty bucket.
   *
   * @param directory of its own
   */
  public S3Service(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    this.port = RetortProcess.freePort();
    Files.createDirectories(directory.resolve("data").resolve(BUCKET));
    Files.writeString(
        directory.resolve("s3.properties"),
        """
        s3proxy.authorization=aws-v4
        s3proxy.endpoint=http://127.0.0.1:%d
        s3proxy.identity=test-key
        s3proxy.credential=test-secret
        jclouds.provider=filesystem-nio2
        jclouds.filesystem.basedir=%s
        """
            .formatted(port, directory.resolve("data").toAbsolutePath()));
    start();
  }

  /** What a service is told of it. */
  public List<String> settings() {
    return List.of(
        "retort.store.s3.bucket=" + BUCKET,
        "retort.store.s3.endpoint=" + endpoint(),
        "retort.store.s3.path-style=true",
        "retort.store.s3.access-key=test-key",
        "retort.store.s3.secret-key=test-secret");
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Where the bucket's objects lie, by key. */
  public Path objects() {
    return directory.resolve("data").resolve(BUCKET);
  }

  /** Starts it, and waits until it listens. */
  public void start() throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx200m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                JAR.toString(),
                "org.gaul.s3proxy.Main",
                "--properties",
                directory.resolve("s3.properties").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("s3.log").toFile()))
            .start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!listens()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(Files.readString(directory.resolve("s3.log")));
      }
      Thread.sleep(50);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** With {@code kill -9}. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
