package io.retort.serving;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * What a request asks for, checked.
 *
 * @param id the caller's own, answered as it came, or a new one
 * @param features [rows, columns], row-major
 * @param outputs names of those that are wanted, in order
 */
record InferRequest(String id, float[] features, int rows, Set<String> outputs) {

  static final String FEATURES = "features";
  static final String LOGITS = "logits";
  static final String PROBABILITIES = "probabilities";

  private static final Set<String> NUMERIC =
      Set.of(
          "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16",
          "FP32", "FP64");

  /**
   * @param shape of a row's features
   * @param maxRows that are allowed
   * @throws ServingException saying what is wrong
   */
  static InferRequest of(JsonNode body, List<Integer> shape, int maxRows) {
    JsonNode inputs = body.path("inputs");
    if (!inputs.isArray() || inputs.size() != 1) {
      throw ServingException.badRequest(
          "`inputs` must hold one tensor, named `features`; see the model's metadata.");
    }
    JsonNode input = inputs.get(0);
    if (!input.path("name").asString("").equals(FEATURES)) {
      throw ServingException.badRequest("The input must be named `features`.");
    }
    String type = input.path("datatype").asString("");
    if (!NUMERIC.contains(type)) {
      throw ServingException.badRequest(
          "`datatype` of `features` must be a numeric one, as FP32; it is `" + cut(type) + "`.");
    }
    int columns = shape.stream().reduce(1, Math::multiplyExact);
    int rows = rows(input.path("shape"), shape, columns, maxRows);
    Values values = new Values(rows * columns);
    values.add(input.path("data"));
    if (values.count != rows * columns) {
      throw ServingException.badRequest(
          "`data` has %d numbers, but the shape says %d.".formatted(values.count, rows * columns));
    }
    String id = body.path("id").asString(UUID.randomUUID().toString());
    return new InferRequest(id, values.numbers, rows, outputs(body.path("outputs")));
  }

  private static int rows(JsonNode given, List<Integer> shape, int columns, int maxRows) {
    long row = 1;
    for (int i = 1; i < given.size(); i++) {
      long side = given.get(i).asLong(-1);
      row = side < 1 || side > columns ? -1 : row < 0 ? -1 : row * side;
    }
    if (!given.isArray() || given.size() < 2 || row != columns) {
      throw ServingException.badRequest(
          "`shape` must be [rows, %d] or [rows, %s]; it is %s."
              .formatted(
                  columns,
                  String.join(", ", shape.stream().map(String::valueOf).toList()),
                  cut(given.toString())));
    }
    long rows = given.get(0).asLong(-1);
    if (rows < 1 || rows > maxRows) {
      throw ServingException.badRequest(
          "A request may have 1 to %d rows (retort.serving.max-rows); this one has %s."
              .formatted(maxRows, cut(given.get(0).toString())));
    }
    return (int) rows;
  }

  private static Set<String> outputs(JsonNode given) {
    if (given.isMissingNode() || given.isNull() || given.isEmpty()) {
      return new LinkedHashSet<>(List.of(LOGITS, PROBABILITIES));
    }
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode output : given) {
      String name = output.path("name").asString("");
      if (!name.equals(LOGITS) && !name.equals(PROBABILITIES)) {
        throw ServingException.badRequest(
            "The outputs are `logits` and `probabilities`; there is no `" + cut(name) + "`.");
      }
      names.add(name);
    }
    return names;
  }

  private static String cut(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  /** Numbers of an array, flat or nested, in row-major order. */
  private static final class Values {
    private final float[] numbers;
    private int count;

    Values(int expected) {
      numbers = new float[expected];
    }

    void add(JsonNode node) {
      if (node.isArray()) {
        node.forEach(this::add);
        return;
      }
      if (!node.isNumber() && !node.isBoolean()) {
        throw ServingException.badRequest(
            "`data` must hold numbers only; found " + cut(node.toString()) + ".");
      }
      float value = node.isBoolean() ? (node.asBoolean() ? 1 : 0) : (float) node.asDouble();
      if (!Float.isFinite(value)) {
        throw ServingException.badRequest(
            "Every number must fit a finite 32-bit float; " + cut(node.toString()) + " does not.");
      }
      if (count < numbers.length) {
        numbers[count] = value;
      }
      count++;
    }
  }
}
