package io.retort.teacher;

import io.retort.model.ModelInfo;
import io.retort.model.TensorInfo;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one input of a foreign model is fed.
 *
 * @param shape of one row, every side known
 * @param columns the dataset's column for each of its numbers
 */
record Feed(List<Integer> shape, List<Integer> columns) {

  /** The table that feeds are made from. */
  record Table(List<String> features, List<Integer> shape) {}

  /**
   * Feeds for all inputs: the columns that {@code inputs} names, or consecutive columns by the
   * inputs' sizes.
   *
   * @param named column names by input; null where nobody said
   * @param pointer of the teacher in the spec
   * @throws TeacherException where inputs and columns do not fit each other
   */
  static List<Feed> of(
      ModelInfo model, @Nullable Map<String, List<String>> named, Table table, String pointer) {
    return named == null
        ? inOrder(model.inputs(), table, pointer)
        : byName(model.inputs(), named, table, pointer);
  }

  private static List<Feed> byName(
      List<TensorInfo> inputs, Map<String, List<String>> named, Table table, String pointer) {
    List<Feed> feeds = new ArrayList<>();
    for (TensorInfo input : inputs) {
      List<String> names = named.get(input.name());
      if (names == null) {
        throw mismatch(
            pointer + "/inputs", "names no columns for the model's input `" + input.name() + "`");
      }
      List<Integer> columns = names.stream().map(table.features()::indexOf).toList();
      if (columns.contains(-1)) {
        throw mismatch(
            pointer + "/inputs/" + input.name(),
            "names a column that is no feature of the dataset: " + names.get(columns.indexOf(-1)));
      }
      feeds.add(new Feed(known(input, columns.size(), table, pointer), columns));
    }
    return feeds;
  }

  private static List<Feed> inOrder(List<TensorInfo> inputs, Table table, String pointer) {
    int columns = table.features().size();
    if (inputs.size() == 1) {
      TensorInfo input = inputs.get(0);
      List<Integer> shape = known(input, columns, table, pointer);
      return List.of(new Feed(shape, layout(shape, table.shape(), columns)));
    }
    int taken = inputs.stream().filter(TensorInfo::fixed).mapToInt(TensorInfo::size).sum();
    long open = inputs.stream().filter(i -> !i.fixed()).count();
    List<Feed> feeds = new ArrayList<>();
    int from = 0;
    for (TensorInfo input : inputs) {
      int size = input.fixed() ? input.size() : (int) ((columns - taken) / open);
      List<Integer> mine = IntStream.range(from, from + size).boxed().toList();
      feeds.add(new Feed(known(input, size, table, pointer), mine));
      from += size;
    }
    if (from != columns) {
      throw shapes(inputs, columns, pointer);
    }
    return feeds;
  }

  /** The input's shape with its open sides filled in. */
  private static List<Integer> known(TensorInfo input, int size, Table table, String pointer) {
    List<Integer> shape = input.shape();
    int open = Collections.frequency(shape, -1);
    long fixed = shape.stream().filter(s -> s > 0).mapToLong(s -> s).reduce(1, (a, b) -> a * b);
    if (open == 0 && fixed == size) {
      return shape;
    }
    if (open == 1 && size > 0 && size % fixed == 0) {
      return shape.stream().map(s -> s > 0 ? s : (int) (size / fixed)).toList();
    }
    boolean asTheDataset =
        open > 1
            && shape.size() == table.shape().size()
            && size == table.features().size()
            && IntStream.range(0, shape.size())
                .allMatch(i -> shape.get(i) < 0 || shape.get(i).equals(table.shape().get(i)));
    if (asTheDataset) {
      return table.shape();
    }
    throw shapes(List.of(input), size, pointer);
  }

  /** Rows are channels first; a model of the same sides with the channels last gets them so. */
  private static List<Integer> layout(List<Integer> model, List<Integer> rows, int columns) {
    List<Integer> inOrder = IntStream.range(0, columns).boxed().toList();
    if (rows.size() < 2 || model.equals(rows) || rows.get(0) == 1) {
      return inOrder;
    }
    List<Integer> channelsLast = new ArrayList<>(rows.subList(1, rows.size()));
    channelsLast.add(rows.get(0));
    if (!model.equals(channelsLast)) {
      return inOrder;
    }
    int channels = rows.get(0);
    int pixels = columns / channels;
    return IntStream.range(0, columns)
        .mapToObj(i -> (i % channels) * pixels + i / channels)
        .toList();
  }

  private static TeacherException shapes(List<TensorInfo> inputs, int columns, String pointer) {
    String wanted =
        String.join(", ", inputs.stream().map(i -> i.name() + " " + i.shape()).toList());
    return TeacherException.mismatch(
        "shape_mismatch",
        pointer + "/model",
        "The teacher reads rows of %s, but there are %d columns for them."
            .formatted(wanted, columns));
  }

  private static TeacherException mismatch(String pointer, String message) {
    return TeacherException.mismatch("shape_mismatch", pointer, "`inputs` " + message + ".");
  }

  int size() {
    return columns.size();
  }

  /** Copies this input's columns of some rows. */
  void gather(FloatBuffer features, int width, int rows, FloatBuffer into) {
    int next = 0;
    for (int r = 0; r < rows; r++) {
      for (int column : columns) {
        into.put(next++, features.get(r * width + column));
      }
    }
  }
}
