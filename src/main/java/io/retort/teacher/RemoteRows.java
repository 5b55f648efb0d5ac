package io.retort.teacher;

import io.retort.spec.SpecReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Rows there and numbers back, in the Open Inference Protocol's JSON.
 *
 * @param input name of the input
 * @param datatype of the input, {@code FP32} or {@code FP64}
 * @param shape of one row
 * @param output name of the output
 */
record RemoteRows(String input, String datatype, List<Integer> shape, String output) {

  private static final long HEAD_BYTES = 1 << 20;
  private static final long NUMBER_BYTES = 40;

  /** Of an answer whose width is not known yet. */
  private static final int WIDEST = 100_000;

  /** What one request gave, row by row. */
  record Answer(int width, float[] values) {}

  /** Computes a row of zeros, to see how many numbers come back and which. */
  Answer probe(RemoteCalls calls) {
    int size = shape.stream().reduce(1, Math::multiplyExact);
    return ask(calls, new float[size], 1, WIDEST);
  }

  /**
   * @param width numbers a row that must come
   * @throws TeacherException where something else comes, or a number is not finite
   */
  float[] compute(RemoteCalls calls, float[] features, int rows, int width) {
    Answer answer = ask(calls, features, rows, width);
    if (answer.width() != width) {
      throw calls.failed(
          "teacher_answer_invalid",
          "The teacher gave %d numbers a row at first, and %d now"
              .formatted(width, answer.width()));
    }
    return answer.values();
  }

  private Answer ask(RemoteCalls calls, float[] features, int rows, int width) {
    List<Integer> all = new ArrayList<>(List.of(rows));
    all.addAll(shape);
    byte[] body =
        SpecReader.mapper()
            .writeValueAsBytes(
                Map.of(
                    "inputs",
                    List.of(
                        Map.of(
                            "name", input, "shape", all, "datatype", datatype, "data", features)),
                    "outputs",
                    List.of(Map.of("name", output))));
    return read(calls, calls.ask(body, HEAD_BYTES + NUMBER_BYTES * rows * width), rows);
  }

  private Answer read(RemoteCalls calls, JsonNode answer, int rows) {
    JsonNode tensor =
        answer
            .path("outputs")
            .valueStream()
            .filter(o -> o.path("name").asString("").equals(output))
            .findFirst()
            .orElseThrow(
                () ->
                    calls.failed(
                        "teacher_answer_invalid",
                        "The teacher's answer has no output `" + output + "`"));
    List<Float> values = new ArrayList<>();
    if (!flatten(tensor.path("data"), values)) {
      throw calls.failed(
          "teacher_answer_invalid", "The teacher's answer holds something that is no number");
    }
    JsonNode given = tensor.path("shape");
    long size = given.valueStream().mapToLong(s -> s.asLong(-1)).reduce(1, (a, b) -> a * b);
    if (!given.isArray()
        || given.path(0).asLong(-1) != rows
        || size != values.size()
        || values.isEmpty()) {
      throw calls.failed(
          "teacher_answer_invalid",
          "The teacher's answer to %d rows holds %d numbers in the shape %s"
              .formatted(rows, values.size(), given));
    }
    float[] result = new float[values.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = values.get(i);
      if (!Float.isFinite(result[i])) {
        throw calls.failed("teacher_not_finite", "The teacher gave a number that is not finite");
      }
    }
    return new Answer(result.length / rows, result);
  }

  private static boolean flatten(JsonNode data, List<Float> into) {
    if (data.isNumber()) {
      into.add((float) data.doubleValue());
      return true;
    }
    return data.isArray() && data.valueStream().allMatch(child -> flatten(child, into));
  }
}
