package io.retort.model.foreign;

import io.retort.model.TensorInfo;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;

/** A model that computes in a process of its own. Used by one thread at a time. */
public final class ForeignModel implements AutoCloseable {

  private final ModelProcess process;
  private final ModelLimits limits;
  private final List<Integer> inputSizes;
  private final List<TensorInfo> outputs;

  ForeignModel(
      ModelProcess process,
      ModelLimits limits,
      List<Integer> inputSizes,
      List<TensorInfo> outputs) {
    this.process = process;
    this.limits = limits;
    this.inputSizes = inputSizes;
    this.outputs = outputs;
  }

  /** What was asked for when it was opened, in that order, with their shapes for one row. */
  public List<TensorInfo> outputs() {
    return outputs;
  }

  /**
   * Computes some rows.
   *
   * @param inputs one buffer for each input, {@code rows} times its size, from absolute index 0
   * @param into likewise one for each of {@link #outputs}
   * @throws ForeignModelException where the model refuses the rows, crashes or takes too long
   */
  public void run(List<FloatBuffer> inputs, int rows, List<FloatBuffer> into) {
    process.talk(
        limits.call(),
        wire -> {
          wire.number(rows);
          for (int i = 0; i < inputs.size(); i++) {
            wire.floats(inputs.get(i), rows * inputSizes.get(i));
          }
          Reply reply = ForeignModels.checked(wire.receive(Reply.class));
          for (int o = 0; o < outputs.size(); o++) {
            wire.receive(into.get(o), rows * outputs.get(o).size());
          }
          return Objects.requireNonNull(reply);
        });
  }

  @Override
  public void close() {
    process.close();
  }
}
