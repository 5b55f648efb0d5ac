package io.retort.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class SpecReaderTest {

  private static final String SMALLEST =
      """
      {"dataset": {"uri": "sample:mnist1d"},
       "teacher": {"architecture": {"type": "cnn1d", "channels": [25, 25, 25]}},
       "student": {"architecture": {"type": "mlp", "hidden": [100]}}}
      """;

  @Test
  void fillsInEveryDefault() {
    JobSpec spec = read(SMALLEST);

    assertThat(spec.type()).isEqualTo(JobType.DISTILL);
    assertThat(spec.objective().tau()).isEqualTo(4);
    assertThat(spec.objective().alpha()).isEqualTo(0.9);
    assertThat(spec.objective().tauSquared()).isTrue();
    assertThat(spec.training().optimizer()).isInstanceOf(OptimizerSpec.Adam.class);
    assertThat(spec.dataset().split().test()).isEqualTo(0.2);
    assertThat(((Architecture.Cnn1d) spec.teacher().architecture()).kernels())
        .containsExactly(5, 3, 3);
  }

  /** Generated clients send empty lists and maps where nobody set any. */
  @Test
  void emptyListsAreAsIfTheyWereLeftOut() {
    String posted =
        withField("'labels': {}, 'notify': [], 'stages': []")
            .replace("[25, 25, 25]}", "[25, 25, 25], \"kernels\": []}, \"inputs\": {}");
    assertThat(read(posted)).isEqualTo(read(SMALLEST));
    String term = "'objective': {'terms': [{'type': 'attention-transfer'%s}]}";
    assertThat(read(withField(term.formatted(", 'students': [], 'teachers': []"))))
        .isEqualTo(read(withField(term.formatted(""))));
  }

  @Test
  void termsBringThePublishedWeights() {
    JobSpec spec =
        SpecReader.read(
            with(SMALLEST, "\"objective\": {\"terms\": [{\"type\": \"rkd-distance\"}]}"));
    assertThat(spec.objective().alpha()).isZero();
    assertThat(spec.objective().beta()).isEqualTo(1);
    assertThat(spec.objective().terms().get(0).weight()).isEqualTo(25);
    assertThat(SpecReader.read(SpecReader.mapper().valueToTree(spec))).isEqualTo(spec);
  }

  @Test
  void notifyIsReadUnderItsOwnName() {
    JobSpec spec = read(withField("'notify': [{'url': 'https://ci.example.com/hooks?a=b'}]"));
    assertThat(spec.webhooks())
        .containsExactly(
            new WebhookSpec(
                "https://ci.example.com/hooks?a=b",
                List.of(JobEvent.SUCCEEDED, JobEvent.FAILED, JobEvent.CANCELLED)));
    JsonNode written = SpecReader.mapper().valueToTree(spec);
    assertThat(written.at("/notify/0/events/0").asString()).isEqualTo("job.succeeded");
    assertThat(written.has("webhooks")).isFalse();
    assertThat(SpecReader.read(written)).isEqualTo(spec);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{}] | /notify/0/url",
        "[null] | /notify/0",
        "[{'url': 'ftp://ci.example.com/'}] | /notify/0/url",
        "[{'url': 'https://me:secret@ci.example.com/'}] | /notify/0/url",
        "[{'url': 'https:///hooks'}] | /notify/0/url",
        "[{'url': 'https://ci.example.com/a b'}] | /notify/0/url",
        "[{'url': 'https://a.example'}, {'url': 'https://b.example', 'events': []}] | /notify/1/events",
        "[{'url': 'https://a.example', 'events': ['job.done']}] | /notify/0/events/0",
        "[{'url': 'https://a.example', 'event': ['job.failed']}] | /notify/0/event",
        "{'url': 'https://a.example'} | /notify"
      })
  void refusesANotifyThatCannotBeMeant(String webhooks, String pointer) {
    InvalidSpecException e =
        catchThrowableOfType(
            InvalidSpecException.class, () -> read(withField("'notify': " + webhooks)));
    assertThat(e.violations()).extracting(Violation::pointer).containsExactly(pointer);
    assertThat(e.violations().toString()).doesNotContain("secret");
  }

  @Test
  void saysWhatItNamesOfTheRegistry() {
    String id = "01a20da4-428e-763f-a322-0ca72b4c680";
    SpecInputs inputs =
        SpecInputs.of(
            read(
                """
                {"dataset": {"uri": "dataset:a", "labels": "DATASET:b", "test": {"uri": "file:t.csv"},
                             "validation": {"uri": "dataset:c", "labels": "dataset:d"}},
                 "teacher": {"ensemble": [{"teacher": {"model": "ID1"}}, {"teacher": {"model": "ID2"}}]},
                 "student": {"model": "ID3"}}
                """
                    .replace("ID", id)));
    assertThat(inputs.datasets())
        .containsOnly(
            entry("/dataset/uri", "a"),
            entry("/dataset/labels", "b"),
            entry("/dataset/validation/uri", "c"),
            entry("/dataset/validation/labels", "d"));
    assertThat(
            SpecInputs.of(
                    read(
                        """
                        {"dataset": {"uri": "sample:mnist1d"},
                         "teacher": {"softTargets": {"uri": "dataset:e"}},
                         "student": {"architecture": {"type": "logistic"}}}
                        """))
                .datasets())
        .containsOnly(entry("/teacher/softTargets/uri", "e"));
    assertThat(inputs.models())
        .containsOnly(
            entry("/teacher/ensemble/0/teacher/model", id + "1"),
            entry("/teacher/ensemble/1/teacher/model", id + "2"),
            entry("/student/model", id + "3"));
  }

  private static String withField(String field) {
    return SMALLEST.replaceFirst("\\{", "{" + field.replace('\'', '"') + ",");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type': 'rkd-distanse'} | /objective/terms/0/type",
        "{'type': 'pkt', 'weight': 0} | /objective/terms/0/weight",
        "{'type': 'pkt', 'weight': -1} | /objective/terms/0/weight",
        "{'type': 'flow', 'students': ['a']} | /objective/terms/0/teachers",
        "{'type': 'pkt', 'tap': 'a'} | /objective/terms/0/tap",
        "{'type': 'dkd', 'tau': 0} | /objective/terms/0/tau"
      })
  void refusesATermWithItsPointer(String term, String pointer) {
    String objective = "\"objective\": {\"terms\": [%s]}".formatted(term.replace('\'', '"'));
    assertThat(
            catchThrowableOfType(
                    InvalidSpecException.class, () -> SpecReader.read(with(SMALLEST, objective)))
                .violations())
        .extracting(Violation::pointer)
        .containsExactly(pointer);
  }

  @Test
  void refusesStagesThatTrainNothing() {
    JsonNode spec =
        with(
            SMALLEST,
            "\"stages\": [{\"name\": \"a\", \"objective\": {}}, {\"name\": \"a\","
                + " \"epochs\": 0, \"objective\": {\"alpha\": 0, \"beta\": 0}}]");
    assertThat(
            catchThrowableOfType(InvalidSpecException.class, () -> SpecReader.read(spec))
                .violations())
        .extracting(Violation::pointer)
        .containsExactlyInAnyOrder(
            "/stages/0/epochs", "/stages/1/epochs", "/stages/1/name", "/stages/1/objective");
  }

  @Test
  void refusesTermsThatTheirBatchOrTeacherCannotServe() {
    JsonNode spec =
        with(
            SMALLEST,
            "\"objective\": {\"terms\": [{\"type\": \"rkd-angle\"}, {\"type\": \"hint\"}]}",
            "\"training\": {\"batchSize\": 2}",
            "\"teacher\": {\"softTargets\": {\"columns\": [\"a\", \"b\"]}}");
    assertThat(
            catchThrowableOfType(InvalidSpecException.class, () -> SpecReader.read(spec))
                .violations())
        .extracting(Violation::pointer)
        .containsExactly("/objective/terms/0", "/objective/terms/0", "/objective/terms/1");
  }

  @Test
  void refusesContrastsOfMoreRowsThanABatchCanHold() {
    JsonNode spec =
        with(
            SMALLEST,
            "\"objective\": {\"terms\": [{\"type\": \"crd\"}]}",
            "\"training\": {\"batchSize\": 1025}");
    assertThat(
            catchThrowableOfType(InvalidSpecException.class, () -> SpecReader.read(spec))
                .violations())
        .extracting(Violation::pointer, Violation::message)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "/objective/terms/0",
                "`crd` compares a batch with thousands of rows, so `training.batchSize` may be at"
                    + " most 1024"));
  }

  @Test
  void refusesNeighboursWhereThereIsNoTeacherOrNoRoom() {
    String neighbours = "\"batching\": {\"type\": \"neighbours\", \"k\": 8}";
    JsonNode small = with(SMALLEST, "\"training\": {\"batchSize\": 8, " + neighbours + "}");
    JsonNode teacher =
        with(
            SMALLEST,
            "\"training\": {" + neighbours + "}",
            "\"teacher\": {\"architecture\": {\"type\": \"logistic\"},"
                + " \"training\": {"
                + neighbours
                + "}}");
    assertThat(refused(small)).containsExactly("/training/batching/k");
    assertThat(refused(teacher)).containsExactly("/teacher/training/batching");
    JobSpec inherited = SpecReader.read(with(SMALLEST, "\"training\": {" + neighbours + "}"));
    assertThat(inherited.teacher().training().batching().neighbours()).isFalse();
  }

  private static List<String> refused(JsonNode spec) {
    return catchThrowableOfType(InvalidSpecException.class, () -> SpecReader.read(spec))
        .violations()
        .stream()
        .map(Violation::pointer)
        .toList();
  }

  @Test
  void readsBackWhatItWrote() {
    JobSpec spec = read(SMALLEST);
    JsonNode written = SpecReader.mapper().valueToTree(spec);
    assertThat(SpecReader.read(written)).isEqualTo(spec);
  }

  @Test
  void aTeacherTakesTheTrainingItDoesNotSayFromTheJob() {
    JobSpec spec =
        SpecReader.read(
            with(
                SMALLEST,
                "\"training\": {\"epochs\": 7, \"batchSize\": 100,"
                    + " \"optimizer\": {\"type\": \"sgd\", \"learningRate\": 0.2}}",
                "\"teacher\": {\"architecture\": {\"type\": \"logistic\"},"
                    + " \"training\": {\"epochs\": 3}}"));
    assertThat(spec.teacher().training().epochs()).isEqualTo(3);
    assertThat(spec.teacher().training().batchSize()).isEqualTo(100);
    assertThat(spec.teacher().training().optimizer().learningRate()).isEqualTo(0.2);
  }

  @Test
  void readsGreekAndLongNames() {
    JobSpec spec =
        SpecReader.read(with(SMALLEST, "\"objective\": {\"τ\": 2, \"α\": 0.5, \"β\": 0.25}"));
    assertThat(spec.objective())
        .extracting(ObjectiveSpec::tau, ObjectiveSpec::alpha, ObjectiveSpec::beta)
        .containsExactly(2.0, 0.5, 0.25);
    assertThat(
            SpecReader.read(with(SMALLEST, "\"objective\": {\"temperature\": 3}"))
                .objective()
                .tau())
        .isEqualTo(3);
  }

  @Test
  void theArticleConventionSoftensTheHardLossAndDropsTauSquared() {
    ObjectiveSpec objective =
        SpecReader.read(with(SMALLEST, "\"objective\": {\"tau\": 5, \"convention\": \"article\"}"))
            .objective();
    assertThat(objective.tauSquared()).isFalse();
    assertThat(objective.hardLossTemperature()).isEqualTo(5);
  }

  @Test
  void reportsAllViolationsAtOnce() {
    List<Violation> violations =
        violations(
            """
            {"dataset": {"uri": "sample:mnist1d", "lable": "y",
                         "split": {"validation": 0.5, "test": 0.6}},
             "teacher": {},
             "student": {"architecture": {"type": "mpl", "hidden": [10]}},
             "objective": {"tau": 0, "alpha": "0.9", "beta": -1},
             "training": {"epochs": 20000, "batchSize": 1.5, "optimizer": {"learningRate": NaN}}}
            """);
    assertThat(violations)
        .extracting(Violation::pointer)
        .containsExactlyInAnyOrder(
            "/dataset/lable",
            "/dataset/split",
            "/teacher",
            "/student/architecture/type",
            "/objective/tau",
            "/objective/alpha",
            "/objective/beta",
            "/training/epochs",
            "/training/batchSize",
            "/training/optimizer/learningRate");
    assertThat(violations)
        .filteredOn(v -> v.pointer().equals("/dataset/lable"))
        .singleElement()
        .satisfies(
            v -> {
              assertThat(v.message()).contains("did you mean `label`");
              assertThat(v.allowed()).contains("uri", "split");
            });
    assertThat(violations)
        .filteredOn(v -> v.pointer().equals("/objective/beta"))
        .singleElement()
        .extracting(Violation::value)
        .isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"objective\": {\"tau\": -1} | /objective/tau | greater than 0",
        "\"objective\": {\"tau\": \"4\"} | /objective/tau | number, not a string",
        "\"objective\": {\"tau\": NaN} | /objective/tau | finite",
        "\"objective\": {\"tau\": 1e999} | /objective/tau | finite",
        "\"objective\": {\"tau\": 4, \"temperature\": 2} | /objective/temperature | same as `tau`",
        "\"objective\": {\"alpha\": 0, \"beta\": 0} | /objective | not both be 0",
        "\"objective\": [] | /objective | must be an object",
        "\"export\": {\"int8\": \"yes\"} | /export/int8 | true or false",
        "\"objective\": {\"distillation\": \"KL\"} | /objective/distillation | did you mean `kl`",
        "\"training\": {\"epochs\": 0} | /training/epochs | greater than or equal to 1",
        "\"training\": {\"epochs\": 99999999999} | /training/epochs | too large",
        "\"training\": {\"optimizer\": {\"type\": \"adan\"}} | /training/optimizer/type | `adam`",
        "\"training\": {\"optimizer\": {\"momentum\": 1}} | /training/optimizer/momentum | not a known field",
        "\"training\": {\"schedule\": {\"type\": \"step\"}} | /training/schedule/at | null",
        "\"teacher\": null | /teacher | required",
        "\"teacher\": {\"architecture\": {\"type\": \"logistic\"}, \"model\": \"0199a5b2-0000-7000-8000-000000000000\"} | /teacher | both were given",
        "\"teacher\": {\"model\": \"../x\"} | /teacher/model | must match",
        "\"teacher\": {\"architecture\": {\"type\": \"logistic\"}, \"output\": \"y\"} | /teacher/output | only applies to a teacher with `endpoint` or `model`",
        "\"teacher\": {\"softTargets\": {\"columns\": [\"a\", \"a\"]}} | /teacher/softTargets/columns | twice",
        "\"teacher\": {\"softTargets\": {\"columns\": [\"a\", \"b\"]}, \"classes\": [\"x\", \"y\", \"z\"]} | /teacher/classes | 2 columns",
        "\"teacher\": {\"softTargets\": {}} | /teacher/softTargets | exactly one of",
        "\"teacher\": {\"softTargets\": {\"columns\": [\"a\", \"b\"], \"uri\": \"file:x.npy\"}} | /teacher/softTargets | exactly one of",
        "\"teacher\": {\"softTargets\": {\"uri\": \"file:x.npy\", \"test\": \"file:y.npy\"}} | /teacher/softTargets/test | only applies where `dataset.test`",
        "\"teacher\": {\"softTargets\": {\"columns\": [\"a\", \"b\"]}, \"averaging\": \"logits\"} | /teacher/averaging | `ensemble`",
        "\"teacher\": {\"ensemble\": [{\"teacher\": {\"architecture\": {\"type\": \"logistic\"}}}, {\"teacher\": {\"softTargets\": {\"columns\": [\"a\", \"b\"]}}}]} | /teacher/ensemble/0/teacher/architecture | `train` job",
        "\"teacher\": {\"ensemble\": [{\"teacher\": {\"softTargets\": {\"columns\": [\"a\", \"b\"]}}}]} | /teacher/ensemble | between 2 and 16",
        "\"student\": {\"architecture\": {\"type\": \"mlp\", \"hidden\": [99999]}} | /student/architecture/hidden/0 | less than or equal to 16384",
        "\"student\": {\"architecture\": {\"type\": \"mlp\", \"hidden\": [1, null]}} | /student/architecture/hidden/1 | whole number",
        "\"student\": {\"architecture\": {\"hidden\": [1]}} | /student/architecture/type | required",
        "\"student\": {\"architecture\": {\"type\": \"cnn1d\", \"channels\": [1, 2], \"kernels\": [3]}} | /student/architecture/kernels | one width a convolution",
        "\"labels\": {\"a/b\": 1} | /labels/a~1b | must be a string",
        "\"dataset\": {\"uri\": \" \"} | /dataset/uri | blank",
        "\"dataset\": {} | /dataset/uri | blank",
        "\"type\": \"train\" | /student | does not apply",
        "\"nmae\": \"x\" | /nmae | did you mean `name`"
      })
  void namesTheFieldAndTheReason(String member, String pointer, String reason) {
    assertThat(violations(with(SMALLEST, member.strip())))
        .singleElement()
        .satisfies(
            v -> {
              assertThat(v.pointer()).isEqualTo(pointer.strip());
              assertThat(v.message()).contains(reason.strip());
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"x\"", "null", "true"})
  void refusesABodyThatIsNoObject(String body) {
    assertThat(violations(body)).singleElement().extracting(Violation::pointer).isEqualTo("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\": 1, \"a\": 2}", "{} {}", "{'a': 1}"})
  void saysWhereABodyIsNotJson(String body) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("The body is");
  }

  @Test
  void aTrainJobNeedsNoStudent() {
    JobSpec spec =
        read(
            """
            {"type": "train", "dataset": {"uri": "sample:mnist1d"},
             "teacher": {"architecture": {"type": "logistic"}}}
            """);
    assertThat(spec.type()).isEqualTo(JobType.TRAIN);
    assertThat(spec.student()).isNull();
  }

  private static ObjectNode tree(String json) {
    return (ObjectNode) SpecReader.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static JobSpec read(String json) {
    return SpecReader.read(SpecReader.parse(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Violation> violations(String json) {
    return violations(SpecReader.parse(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Violation> violations(JsonNode json) {
    InvalidSpecException e =
        catchThrowableOfType(InvalidSpecException.class, () -> SpecReader.read(json));
    assertThat(e).as("refusal of " + json).isNotNull();
    return e.violations();
  }

  /** Adds members to an object; one that is there already is replaced. */
  private static ObjectNode with(String json, String... members) {
    ObjectNode base = tree(json);
    base.setAll(tree(List.of(members).stream().collect(Collectors.joining(", ", "{", "}"))));
    return base;
  }
}
