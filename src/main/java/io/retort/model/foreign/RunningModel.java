package io.retort.model.foreign;

import io.retort.model.TensorInfo;
import java.nio.FloatBuffer;
import java.util.List;

/** A model that is loaded and computes; lives in the process of models only. */
interface RunningModel extends AutoCloseable {

  /** What was asked for, in that order, with shapes that are known now. */
  List<TensorInfo> outputs();

  /**
   * Computes some rows.
   *
   * @param inputs one buffer for each input, {@code rows} times its size, from absolute index 0
   * @param outputs likewise for each of {@link #outputs}, to be filled
   */
  void run(List<FloatBuffer> inputs, int rows, List<FloatBuffer> outputs);

  @Override
  void close();
}
