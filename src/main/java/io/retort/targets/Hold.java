package io.retort.targets;

import io.retort.spec.Cancellation;
import io.retort.spec.Precision;
import io.retort.spec.Sha256;
import io.retort.teacher.Tap;
import io.retort.teacher.Teacher;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** A job's hold on the groups that it reads: none of them is evicted before this is closed. */
final class Hold implements AutoCloseable {

  private static final String LOGITS = "logits";

  private final List<Output> outputs = new ArrayList<>();
  private final List<HeldFile> leases = new ArrayList<>();
  private final Clock clock;

  private Hold(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param name the teacher's fingerprint
   */
  static Hold of(
      Groups groups,
      String name,
      Teacher teacher,
      RowKeys keys,
      Precision precision,
      Clock clock,
      StoreListener listener,
      Cancellation cancellation)
      throws IOException {
    Hold hold = new Hold(clock);
    try (FileMutex mutex = groups.mutex(cancellation)) {
      Group logits = groups.open(name, LOGITS, precision);
      hold.add(new Output(logits, teacher.classes().size(), precision, keys, listener));
      for (Tap tap : teacher.taps()) {
        // a hash, because a tap's name may be any text
        Group group = groups.open(name, "tap-" + Sha256.of(tap.name()), precision);
        hold.add(new Output(group, tap.size(), precision, keys, listener));
      }
      return hold;
    } catch (IOException | RuntimeException | Error e) {
      hold.close();
      throw e;
    }
  }

  private void add(Output output) throws IOException {
    leases.add(HeldFile.create(output.group().directory(), HeldFile.LEASE));
    outputs.add(output);
    output.group().touch(clock.instant());
  }

  /** Logits, then the teacher's taps. */
  List<Output> outputs() {
    return outputs;
  }

  /** Largest absolute difference between a number as computed and as stored. */
  double rounding() {
    return outputs.stream().mapToDouble(Output::rounding).max().orElse(0);
  }

  @Override
  public void close() throws IOException {
    for (Output output : outputs) {
      output.group().touch(clock.instant());
    }
    for (HeldFile lease : leases) {
      lease.close();
    }
  }
}
