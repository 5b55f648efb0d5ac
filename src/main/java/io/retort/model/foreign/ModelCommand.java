package io.retort.model.foreign;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The command line of a process of models: this JVM, this class path, tight bounds. */
final class ModelCommand {

  /** Everything the process prints; its socket carries the rest. */
  static final String OUTPUT = "output";

  /** Address space that a JVM and the native libraries reserve before they use any of it. */
  private static final long RESERVED = 3L << 30;

  private static final Path SHELL = Path.of("/bin/sh");

  private static final List<String> KEPT_VARIABLES =
      List.of("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR", "SystemRoot", "TEMP");

  private ModelCommand() {}

  /**
   * @param directory empty; becomes the working directory, so that no relative path leads anywhere
   */
  static ProcessBuilder of(ModelLimits limits, Path socket, Path directory) {
    List<String> command = new ArrayList<>(bounds(limits));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + (limits.memoryBytes() >> 21) + "m",
            "-Xss2m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=96m",
            "-XX:CompressedClassSpaceSize=128m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + directory.resolve("crash")));
    String cache = System.getProperty("org.bytedeco.javacpp.cachedir");
    if (cache != null) {
      command.add("-Dorg.bytedeco.javacpp.cachedir=" + Path.of(cache).toAbsolutePath());
    }
    command.addAll(List.of("-cp", classPath()));
    if (insideExecutableJar()) {
      command.add("-Dloader.main=" + ModelMain.class.getName());
      command.add("org.springframework.boot.loader.launch.PropertiesLauncher");
    } else {
      command.add(ModelMain.class.getName());
    }
    command.add(socket.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(OUTPUT).toFile());
    keepOnly(builder.environment());
    return builder;
  }

  /**
   * The shell sets the bounds and then becomes the JVM; where a system has none, there are none.
   */
  private static List<String> bounds(ModelLimits limits) {
    return Files.isExecutable(SHELL)
        ? List.of(
            SHELL.toString(),
            "-c",
            "ulimit -c 0; ulimit -v %d 2>/dev/null; exec \"$@\""
                .formatted((limits.memoryBytes() + RESERVED) >> 10),
            "sh")
        : List.of();
  }

  /** Passwords and tokens stay with the service. */
  private static void keepOnly(Map<String, String> environment) {
    environment.keySet().retainAll(KEPT_VARIABLES);
    environment.put("MALLOC_ARENA_MAX", "2");
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean insideExecutableJar() {
    return ModelMain.class
        .getProtectionDomain()
        .getCodeSource()
        .getLocation()
        .toString()
        .contains("BOOT-INF");
  }
}
