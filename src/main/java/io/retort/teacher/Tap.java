package io.retort.teacher;

import java.util.List;

/**
 * A named tensor of a network that can be read for every row.
 *
 * @param shape of one row's part, without the batch; images are channels first, [channels, height,
 *     width]
 */
public record Tap(String name, List<Integer> shape) {

  public Tap {
    shape = List.copyOf(shape);
  }

  /** Numbers a row. */
  public int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
