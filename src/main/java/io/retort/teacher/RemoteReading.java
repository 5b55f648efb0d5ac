package io.retort.teacher;

import io.retort.model.Likelihood;
import io.retort.spec.OutputKind;
import io.retort.spec.TeacherSpec;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * How a remote model is read as a teacher of a dataset; found out by asking it for its metadata and
 * for a row of zeros.
 *
 * @param columns features of a row
 * @param width numbers that it gives for a row
 * @param kind what they are
 * @param classes names in the order of the logits
 * @param version whatever it says of its version
 */
public record RemoteReading(
    RemoteCalls calls,
    RemoteRows rows,
    int columns,
    int width,
    OutputKind kind,
    List<String> classes,
    String version) {

  private static final long METADATA_BYTES = 8 << 20;
  private static final Set<String> DATATYPES = Set.of("FP32", "FP64");

  /**
   * @param calls to the endpoint
   * @param pointer of the teacher in the spec
   * @throws TeacherException where endpoint, spec and dataset contradict each other
   */
  static RemoteReading of(
      RemoteCalls calls, TeacherSpec spec, Reading.Dataset dataset, String pointer) {
    JsonNode metadata = calls.ask(null, METADATA_BYTES);
    int columns = dataset.features().size();
    JsonNode input = input(metadata, pointer);
    RemoteRows rows =
        new RemoteRows(
            input.path("name").asString("features"),
            input.path("datatype").asString("FP32"),
            shape(input, columns, pointer),
            output(metadata, spec, pointer));
    RemoteRows.Answer probe = rows.probe(calls);
    OutputKind kind = spec.outputKind() == null ? kind(rows.output(), probe) : spec.outputKind();
    List<String> classes = classes(metadata, spec, probe.width(), dataset.classes(), pointer);
    return new RemoteReading(
        calls,
        rows,
        columns,
        probe.width(),
        kind,
        classes,
        metadata.path("versions") + " " + metadata.path("version"));
  }

  /** Name of the output that is taken. */
  public String output() {
    return rows.output();
  }

  /** Servers that say nothing of their inputs take whatever they are sent. */
  private static JsonNode input(JsonNode metadata, String pointer) {
    JsonNode inputs = metadata.path("inputs");
    if (inputs.size() > 1) {
      throw mismatch(
          "several_inputs",
          pointer,
          "The teacher reads %d inputs; a remote teacher must read one.".formatted(inputs.size()));
    }
    JsonNode input = inputs.path(0);
    String datatype = input.path("datatype").asString("FP32");
    if (!DATATYPES.contains(datatype)) {
      throw mismatch(
          "unsupported_datatype",
          pointer,
          "The teacher's input `%s` is %s; FP32 and FP64 are supported."
              .formatted(input.path("name").asString(""), datatype));
    }
    return input;
  }

  /** The input's shape for one row, with an open side filled in. */
  private static List<Integer> shape(JsonNode input, int columns, String pointer) {
    List<Integer> all = input.path("shape").valueStream().map(s -> s.asInt(-1)).toList();
    if (all.isEmpty()) {
      return List.of(columns);
    }
    List<Integer> row = all.subList(1, all.size());
    long open = row.stream().filter(s -> s < 1).count();
    long known = row.stream().filter(s -> s > 0).mapToLong(s -> s).reduce(1, (a, b) -> a * b);
    boolean fits =
        all.get(0) < 1
            && (open == 0 ? known == columns : open == 1 && known > 0 && columns % known == 0);
    if (!fits) {
      throw mismatch(
          "shape_mismatch",
          pointer,
          "The teacher reads %s; a batch of any size was expected, in rows of the dataset's %d features."
              .formatted(all, columns));
    }
    return row.stream().map(s -> s > 0 ? s : (int) (columns / known)).toList();
  }

  private static String output(JsonNode metadata, TeacherSpec spec, String pointer) {
    List<String> names =
        metadata.path("outputs").valueStream().map(o -> o.path("name").asString("")).toList();
    String asked = spec.output();
    if (asked != null) {
      if (!names.isEmpty() && !names.contains(asked)) {
        throw TeacherException.mismatch(
            "unknown_output",
            pointer + "/output",
            "The teacher has no output `%s`; its outputs are %s.".formatted(asked, names));
      }
      return asked;
    }
    if (names.isEmpty()) {
      throw TeacherException.mismatch(
          "unknown_output",
          pointer + "/output",
          "The teacher does not say which outputs it has; name the one to learn from in `output`.");
    }
    return first(names, "logit", first(names, "prob", names.get(0)));
  }

  private static String first(List<String> names, String part, String otherwise) {
    return names.stream().filter(n -> contains(n, part)).findFirst().orElse(otherwise);
  }

  private static boolean contains(String name, String part) {
    return name.toLowerCase(Locale.ROOT).contains(part);
  }

  private static OutputKind kind(String output, RemoteRows.Answer probe) {
    if (contains(output, "logit")) {
      return OutputKind.LOGITS;
    }
    boolean likely =
        Likelihood.inUnitRange(probe.values())
            && (probe.width() == 1 || Likelihood.sumToOne(probe.values(), probe.width()));
    return likely ? OutputKind.PROBABILITIES : OutputKind.LOGITS;
  }

  private static List<String> classes(
      JsonNode metadata, TeacherSpec spec, int width, List<String> dataset, String pointer) {
    int count = Math.max(2, width);
    List<String> own =
        metadata.path("parameters").path("classes").valueStream().map(c -> c.asString("")).toList();
    List<String> named = spec.classes() == null ? own : spec.classes();
    if (spec.classes() == null && named.size() != count) {
      named = dataset;
    }
    if (named.size() != count) {
      throw TeacherException.mismatch(
          "class_count_mismatch",
          pointer + "/classes",
          "The teacher gives %d classes, but there are %d names for them; say which they are in `classes`."
              .formatted(count, named.size()));
    }
    return named;
  }

  /** What its numbers depend on, as far as the server tells. */
  String fingerprint() {
    return Fingerprints.of(calls.endpoint().url(), rows, width, kind, classes, version);
  }

  private static TeacherException mismatch(String code, String pointer, String message) {
    return TeacherException.mismatch(code, pointer + "/endpoint/url", message);
  }
}
