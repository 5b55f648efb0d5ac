package io.retort.model;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * A named tensor of a model.
 *
 * @param type of its numbers, as {@code float32}
 * @param shape of one row's part, without the batch; -1 where the model leaves a side open
 */
@Schema(name = "Tensor", description = "A named tensor of a model.")
public record TensorInfo(
    @Schema(example = "features") String name,
    @Schema(example = "float32") String type,
    @Schema(
            description = "Shape of one row, without the batch; -1 where it is left open",
            example = "[40]")
        List<Integer> shape) {

  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** Whether every side is known. */
  public boolean fixed() {
    return shape.stream().allMatch(side -> side > 0);
  }

  /** Numbers of a row; to be asked of a fixed shape. */
  public int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** The same tensor with a shape that became known. */
  public TensorInfo withShape(List<Integer> known) {
    return new TensorInfo(name, type, known);
  }
}
