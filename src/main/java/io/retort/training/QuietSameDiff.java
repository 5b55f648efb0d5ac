package io.retort.training;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Differentiation without its chatter: SameDiff prints a line for each operation to standard
 * output, and offers no way to turn that off. Just these lines are dropped, whoever prints them;
 * everything else passes.
 */
final class QuietSameDiff {

  private static final String CHATTER = "Added differentiated op ";

  static {
    System.setOut(new Filter(System.out));
  }

  private QuietSameDiff() {}

  static void differentiate(SameDiff graph) {
    graph.createGradFunction();
  }

  private static final class Filter extends PrintStream {
    Filter(PrintStream out) {
      super(out, true, StandardCharsets.UTF_8);
    }

    @Override
    public void println(@Nullable String line) {
      if (line == null || !line.startsWith(CHATTER)) {
        super.println(line);
      }
    }
  }
}
