package io.retort.testing;

import io.retort.RetortApplication;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts Retort as a process of its own. */
public final class RetortProcess {

  /** Options of a JVM that starts fast and computes slowly. */
  public static final List<String> FAST_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private RetortProcess() {}

  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /**
   * @param directory of its log
   * @param data of its data
   * @param name of the log
   * @param port to listen at; 0 takes any
   * @param settings as {@code name=value}
   */
  public static Process start(
      Path directory, Path data, String name, int port, List<String> settings) throws IOException {
    return start(directory, data, name, port, FAST_START, settings);
  }

  /** As it is run in earnest, or otherwise by options of the JVM. */
  public static Process start(
      Path directory, Path data, String name, int port, List<String> options, List<String> settings)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx600m",
                "-cp",
                System.getProperty("java.class.path"),
                RetortApplication.class.getName(),
                "--server.port=" + port,
                "--retort.data-dir=" + data,
                "--retort.worker.threads=1"));
    command.addAll(1, options);
    settings.forEach(setting -> command.add("--" + setting));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve(name + ".log").toFile()))
        .start();
  }
}
