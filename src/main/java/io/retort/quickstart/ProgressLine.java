package io.retort.quickstart;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Progress on a terminal: one line that is redrawn, or, where the output is no terminal, a line for
 * each phase.
 */
final class ProgressLine {

  private static final int WIDTH = 30;

  private final PrintStream out;
  private final boolean redraw;
  private String phase = "";

  ProgressLine(PrintStream out, boolean redraw) {
    this.out = out;
    this.redraw = redraw;
  }

  /**
   * @param done 0..1
   */
  void show(String phase, double done) {
    if (redraw) {
      int full = (int) Math.round(done * WIDTH);
      out.printf(
          Locale.ROOT,
          "\r  %-10s [%s%s] %3.0f %%",
          phase,
          "#".repeat(full),
          "-".repeat(WIDTH - full),
          100 * done);
      out.flush();
    } else if (!phase.equals(this.phase)) {
      out.printf(Locale.ROOT, "  %3.0f %%  %s%n", 100 * done, phase);
    }
    this.phase = phase;
  }

  void end() {
    out.println();
  }
}
