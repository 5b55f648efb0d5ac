package io.retort.serving;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request that fits its model.
 *
 * @param features {@code rows} rows, row-major
 * @param outputs names, in the order of the answer
 */
record Inference(@Nullable String id, int rows, float[] features, List<String> outputs) {

  static final String FEATURES = "features";
  static final String LOGITS = "logits";
  static final String PROBABILITIES = "probabilities";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> FLOATS = Set.of("FP16", "FP32", "FP64");
  private static final Set<String> WHOLE =
      Set.of("INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64");

  /**
   * @throws ServingException saying what was expected
   */
  static Inference read(byte[] body, Servable model, int maxRows) {
    InferForm form = parse(body);
    if (form.inputs() == null || form.inputs().size() != 1 || form.inputs().get(0) == null) {
      throw bad("`inputs` must hold exactly one tensor, `features`.");
    }
    InferForm.Tensor input = form.inputs().get(0);
    if (!FEATURES.equals(input.name())) {
      throw bad("The input is called `features`, not `" + input.name() + "`.");
    }
    int rows = rows(input.shape(), model, maxRows);
    return new Inference(form.id(), rows, values(input, rows, model), outputs(form));
  }

  private static InferForm parse(byte[] body) {
    try {
      InferForm form = JSON.readValue(body, InferForm.class);
      if (form != null) {
        return form;
      }
    } catch (DatabindException e) {
      throw bad("The body is no inference request: look at `" + place(e) + "`.");
    } catch (JacksonException e) {
      throw bad(
          "The body is not valid JSON at line %d, column %d; binary tensors are not understood."
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
    throw bad("The body is no inference request.");
  }

  private static String place(DatabindException e) {
    StringBuilder pointer = new StringBuilder();
    for (JacksonException.Reference step : e.getPath()) {
      pointer.append('/');
      pointer.append(step.getPropertyName() == null ? step.getIndex() : step.getPropertyName());
    }
    return pointer.isEmpty() ? "/" : pointer.toString();
  }

  private static int rows(@Nullable List<Long> shape, Servable model, int maxRows) {
    List<Long> flat = List.of((long) model.columns());
    List<Long> full = model.shape().stream().map(Integer::longValue).toList();
    boolean fits =
        shape != null
            && shape.size() > 1
            && !shape.contains(null)
            && (shape.subList(1, shape.size()).equals(flat)
                || shape.subList(1, shape.size()).equals(full));
    if (shape == null || !fits) {
      throw bad(
          "The shape of `features` must be [rows, %d]%s, not %s."
              .formatted(
                  model.columns(),
                  full.equals(flat) ? "" : " or the rows followed by " + full,
                  shape));
    }
    long rows = shape.get(0);
    if (rows < 1 || rows > maxRows) {
      throw bad(
          "A request has 1 to %,d rows (retort.serving.max-rows), not %,d."
              .formatted(maxRows, rows));
    }
    return (int) rows;
  }

  private static float[] values(InferForm.Tensor input, int rows, Servable model) {
    String datatype = String.valueOf(input.datatype()).toUpperCase(Locale.ROOT);
    if (!FLOATS.contains(datatype) && !WHOLE.contains(datatype)) {
      throw bad("The datatype of `features` must be a numeric one, as FP32, not " + datatype + ".");
    }
    TensorValues data = input.data();
    long wanted = (long) rows * model.columns();
    if (data == null || data.values().length != wanted) {
      throw bad(
          "`data` must hold %,d numbers for this shape, but holds %,d; binary tensors are not understood."
              .formatted(wanted, data == null ? 0 : data.values().length));
    }
    if (WHOLE.contains(datatype) && !data.whole()) {
      throw bad("`data` holds fractions, but is announced as " + datatype + ".");
    }
    for (int i = 0; i < wanted; i++) {
      if (!Float.isFinite(data.values()[i])) {
        throw bad("Number " + i + " of `data` is too large for a 32-bit float.");
      }
    }
    return data.values();
  }

  private static List<String> outputs(InferForm form) {
    if (form.outputs() == null || form.outputs().isEmpty()) {
      return List.of(LOGITS, PROBABILITIES);
    }
    List<String> names =
        form.outputs().stream()
            .map(o -> o == null ? "null" : String.valueOf(o.name()))
            .distinct()
            .toList();
    Stream<String> unknown =
        names.stream().filter(n -> !n.equals(LOGITS) && !n.equals(PROBABILITIES));
    unknown
        .findFirst()
        .ifPresent(
            n -> {
              throw bad("There is no output `" + n + "`; there are `logits` and `probabilities`.");
            });
    return names;
  }

  private static ServingException bad(String message) {
    return ServingException.badRequest(message);
  }
}
