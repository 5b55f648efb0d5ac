package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.retort.dataset.DatasetLimits;
import io.retort.dataset.Datasets;
import io.retort.model.ModelFiles;
import io.retort.model.ModelInfo;
import io.retort.model.StoredModel;
import io.retort.model.TrainedModel;
import io.retort.model.foreign.ForeignModels;
import io.retort.model.foreign.ModelLimits;
import io.retort.outgoing.Outgoing;
import io.retort.spec.Cancellation;
import io.retort.spec.JobSpec;
import io.retort.spec.Methods;
import io.retort.spec.Phase;
import io.retort.spec.SpecReader;
import io.retort.targets.SoftTargetStore;
import io.retort.targets.StoreListener;
import io.retort.teacher.RemoteModels;
import io.retort.testing.NeedsBackend;
import io.retort.training.CheckpointPlace;
import io.retort.training.ComputeBackend;
import io.retort.training.NetworkSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@NeedsBackend
class PipelineTest {

  private static final String SMALL =
      """
      {"dataset": {"uri": "sample:mnist1d", "standardize": true},
       "teacher": {"architecture": {"type": "cnn1d", "channels": [8]}},
       "student": {"architecture": {"type": "mlp", "hidden": [16]}},
       "training": {"epochs": 2, "batchSize": 100, "optimizer": {"learningRate": 0.01}}}
      """;

  @TempDir Path directory;
  final Counts counts = new Counts();
  Recorder context;
  Pipeline pipeline;

  @BeforeEach
  void compose() throws Exception {
    context = new Recorder(Files.createDirectory(directory.resolve("work")));
    pipeline = pipeline(1 << 30);
  }

  private Pipeline pipeline(long softTargetBytes) {
    return new Pipeline(
        new Datasets(
            directory.resolve("data"),
            DatasetLimits.DEFAULT,
            List.of(),
            new Outgoing(List.of(), "a.setting"),
            id -> null),
        PipelineTest::read,
        new ForeignModels(ModelLimits.DEFAULT),
        new RemoteModels(new Outgoing(List.of(), "a.setting"), Map.of()),
        new SoftTargetStore(
            directory.resolve("targets"),
            softTargetBytes,
            Duration.ofSeconds(10),
            Clock.systemUTC(),
            counts),
        "test");
  }

  @Test
  void warnsWhereChannelsSeemToBeLast() {
    String images =
        SMALL
            .replace("\"standardize\": true", "\"shape\": [10, 2, 2]")
            .replace(
                "{\"type\": \"cnn1d\", \"channels\": [8]}",
                "{\"type\": \"cnn2d\", \"channels\": [2], \"kernel\": 1, \"pool\": 1}");
    pipeline.run(spec(images), context);
    assertThat(context.events).anyMatch(e -> e.contains("read as 10 channels of 2 x 2"));
  }

  @Test
  void distilsAndMeasuresAgainstTheTwin() throws Exception {
    PipelineOutcome outcome = pipeline.run(spec(SMALL), context);

    Report report = (Report) outcome.report();
    assertThat(report.verdict()).isNotNull();
    assertThat(report.pValue()).isBetween(0.0, 1.0);
    assertThat(report.test().rows()).isEqualTo(1_000);
    assertThat(report.teacher().agreement()).isEqualTo(1);
    assertThat(report.teacher().meanKl()).isZero();
    // 40 * 16 + 16 + 16 * 10 + 10
    assertThat(report.student().parameters()).isEqualTo(826);
    assertThat(report.student().multiplyAdds()).isEqualTo(40 * 16 + 16 * 10);
    assertThat(report.twin().accuracy()).isGreaterThan(0.15);
    assertThat(report.student().latencyMs().p95())
        .isGreaterThanOrEqualTo(report.student().latencyMs().p50());
    assertThat(context.phases)
        .containsExactly(
            Phase.PREPARING,
            Phase.TEACHING,
            Phase.LABELLING,
            Phase.TWIN,
            Phase.TRAINING,
            Phase.EVALUATING,
            Phase.EXPORTING);
    assertThat(context.progress).isSorted().allMatch(p -> p >= 0 && p <= 1);
    assertThat(context.series)
        .contains("student.distillationLoss", "twin.loss", "teacher.validationAccuracy")
        .doesNotContain("twin.distillationLoss");
  }

  @Test
  void leavesFilesThatSayWhereTheyCameFrom() throws Exception {
    PipelineOutcome outcome = pipeline.run(spec(SMALL), context);

    Map<String, Path> files = new LinkedHashMap<>();
    outcome.files().forEach(f -> files.put(f.name(), f.path()));
    assertThat(files)
        .containsOnlyKeys(
            "student.zip",
            "student.onnx",
            "teacher.zip",
            "README.md",
            "result.json",
            "metrics.csv");
    JsonNode result = SpecReader.mapper().readTree(files.get("result.json").toFile());
    assertThat(result.at("/resolved/dataset/format").stringValue()).isEqualTo("csv");
    assertThat(result.at("/dataset/info/fingerprint").stringValue()).hasSize(64);
    assertThat(result.at("/files/student.zip").stringValue()).hasSize(64);
    assertThat(result.at("/files/student.onnx").stringValue()).hasSize(64);
    assertThat(result.at("/onnx/rows").intValue()).isEqualTo(1_000);
    assertThat(result.at("/onnx/maxLogitDifference").doubleValue()).isBetween(0.0, 1e-4);
    assertThat(result.at("/provenance/backend/name").stringValue())
        .isEqualTo(ComputeBackend.describe().name());
    assertThat(result.at("/trainings/twin/formula").stringValue())
        .isEqualTo("loss = CE(y, softmax(s))");
    assertThat(Files.readAllLines(files.get("metrics.csv")).get(0))
        .isEqualTo("series,epoch,step,value");
    TrainedModel student =
        ModelFiles.read(files.get("student.zip"), d -> NetworkSize.of(d).parameters());
    assertThat(student.definition().scaling()).isNotNull();
    assertThat(outcome.models())
        .extracting(PipelineOutcome.OutputModel::role)
        .containsExactlyInAnyOrder("student", "teacher");
  }

  @Test
  void aTeacherOfTheRegistryIsNotTrainedAgain() throws Exception {
    PipelineOutcome made =
        pipeline.run(
            spec(
                """
                {"type": "train", "dataset": {"uri": "sample:mnist1d"},
                 "teacher": {"architecture": {"type": "logistic"}},
                 "training": {"epochs": 1}}
                """),
            context);
    Report alone = (Report) made.report();
    assertThat(alone.student()).isNull();
    assertThat(alone.verdict()).isNull();
    Path file = made.models().get(0).path();
    StoredModel teacher =
        new StoredModel(file, "0".repeat(64), ModelInfo.of(ModelFiles.read(file, PARAMETERS)));

    Recorder second = new Recorder(Files.createDirectory(directory.resolve("second")));
    second.registry.put("0199a5b2-0000-7000-8000-000000000000", teacher);
    PipelineOutcome outcome =
        pipeline.run(
            spec(
                """
                {"dataset": {"uri": "sample:mnist1d"},
                 "teacher": {"model": "0199a5b2-0000-7000-8000-000000000000"},
                 "student": {"architecture": {"type": "logistic"}},
                 "training": {"epochs": 1}, "evaluation": {"twin": false}}
                """),
            second);
    Report report = (Report) outcome.report();
    assertThat(second.phases).doesNotContain(Phase.TEACHING, Phase.TWIN);
    assertThat(report.teacher().trainSeconds()).isNull();
    assertThat(report.teacher().accuracy()).isEqualTo(alone.teacher().accuracy());
    assertThat(report.twin()).isNull();
    assertThat(outcome.models())
        .extracting(PipelineOutcome.OutputModel::role)
        .containsExactly("student");
  }

  @Test
  void aStudentOfTheRegistryGoesOnFromWhereItWas() throws Exception {
    PipelineOutcome first = pipeline.run(spec(SMALL), context);
    Path file =
        first.models().stream()
            .filter(m -> m.role().equals("student"))
            .findFirst()
            .orElseThrow()
            .path();
    TrainedModel before = ModelFiles.read(file, PARAMETERS);
    Recorder second = new Recorder(Files.createDirectory(directory.resolve("second")));
    second.registry.put(
        "0199a5b2-0000-7000-8000-000000000000",
        new StoredModel(file, "0".repeat(64), ModelInfo.of(before)));

    PipelineOutcome outcome =
        pipeline.run(
            spec(
                """
                {"dataset": {"uri": "sample:mnist1d"},
                 "teacher": {"architecture": {"type": "logistic"}},
                 "student": {"model": "0199a5b2-0000-7000-8000-000000000000"},
                 "training": {"epochs": 1, "optimizer": {"type": "sgd", "learningRate": 1e-9}}}
                """),
            second);

    // a rate this small moves nothing far: what comes out is what went in, for student and twin
    TrainedModel after = ModelFiles.read(second.workDirectory().resolve("student.zip"), PARAMETERS);
    assertThat(after.definition()).isEqualTo(before.definition());
    for (int i = 0; i < before.parameters().length; i++) {
      assertThat(after.parameters()[i]).isCloseTo(before.parameters()[i], within(1e-5f));
    }
    double accuracy = ((Report) first.report()).student().accuracy();
    assertThat(((Report) outcome.report()).student().accuracy()).isCloseTo(accuracy, within(2e-3));
    assertThat(((Report) outcome.report()).twin().accuracy()).isCloseTo(accuracy, within(2e-3));
  }

  @Test
  void theSameSpecGivesTheSameModels() throws Exception {
    pipeline.run(spec(SMALL), context);
    Recorder again = new Recorder(Files.createDirectory(directory.resolve("again")));
    pipeline.run(spec(SMALL), again);
    for (String file : List.of("student.zip", "student.onnx", "teacher.zip", "metrics.csv")) {
      assertThat(again.workDirectory().resolve(file))
          .hasSameBinaryContentAs(context.workDirectory().resolve(file));
    }
  }

  @Test
  void aSecondJobWithAnotherMethodAndStudentRunsTheTeacherZeroTimes() throws Exception {
    pipeline.run(spec(SMALL), context);
    assertThat(counts.computed).hasValue(5_000);

    Recorder second = new Recorder(Files.createDirectory(directory.resolve("second")));
    JobSpec other =
        spec(
            SMALL
                .replace("[16]", "[8, 8]")
                .replace(
                    "\"training\"",
                    "\"objective\": {\"tau\": 2, \"alpha\": 0.5,"
                        + " \"distillation\": \"mse\"}, \"training\""));
    PipelineOutcome outcome = pipeline.run(other, second);
    assertThat(counts.computed).hasValue(5_000);
    assertThat(counts.known).hasValue(5_000);
    assertThat(second.events)
        .contains("Labelled 5,000 rows: 5,000 known, 0 computed by the teacher.");
    JsonNode result =
        SpecReader.mapper().readTree(second.workDirectory().resolve("result.json").toFile());
    assertThat(result.at("/softTargets/known").intValue()).isEqualTo(5_000);
    assertThat(result.at("/softTargets/computed").intValue()).isZero();
    assertThat(((Report) outcome.report()).teacher().agreement()).isEqualTo(1);
  }

  @Test
  void moreSoftTargetsThanTheStoreHoldsAreRefusedBeforeAnythingIsTrained() {
    // room for every part alone, and not for all of them: 5,000 rows of 56 bytes
    Pipeline small = pipeline(250_000);
    assertThatThrownBy(() -> small.run(spec(SMALL), context))
        .hasMessageContaining("280,000 bytes")
        .extracting("violations")
        .asString()
        .contains("/teacher/softTargetPrecision");
    assertThat(context.phases).containsExactly(Phase.PREPARING);
  }

  @Test
  void halfPrecisionStatesItsError() throws Exception {
    pipeline.run(
        spec(
            SMALL.replace(
                "\"teacher\": {", "\"teacher\": {\"softTargetPrecision\": \"float16\", ")),
        context);
    JsonNode result =
        SpecReader.mapper().readTree(context.workDirectory().resolve("result.json").toFile());
    assertThat(result.at("/softTargets/precision").stringValue()).isEqualTo("float16");
    // logits below 32 lie at most 2^-7 from their half
    assertThat(result.at("/softTargets/largestRounding").doubleValue()).isBetween(1e-5, 0x1p-7);
    assertThat(context.events).anyMatch(e -> e.contains("float16 changed no number by more than"));
  }

  @Test
  void inspectionTrainsNothing() {
    Inspection found = pipeline.inspect(spec(SMALL), id -> null, Cancellation.NONE);
    assertThat(found.facts().parts()).isEqualTo(new Inspection.Parts(3_500, 500, 1_000));
    assertThat(found.facts().student().parameters()).isEqualTo(826);
    // ten floats and a key of 16 bytes a row
    assertThat(found.facts().softTargetBytes()).isEqualTo(5_000 * (40 + 16));
    assertThat(found.resolved().dataset().shape()).containsExactly(40);
    assertThat(Pipeline.formula(spec(SMALL)))
        .contains("0.9 * 4^2 * KL(softmax(t / 4) || softmax(s / 4))");
  }

  @Test
  void networksThatCannotReadTheRowsAreRefusedBeforeTraining() {
    JobSpec spec = spec(SMALL.replace("\"mlp\", \"hidden\": [16]", "\"cnn2d\", \"channels\": [4]"));
    assertThatThrownBy(() -> pipeline.inspect(spec, id -> null, Cancellation.NONE))
        .hasMessageContaining("cnn2d reads images")
        .extracting("violations")
        .asString()
        .contains("/student/architecture");
  }

  private static final String CNN =
      "{\"type\": \"cnn1d\", \"channels\": [6, 8], \"kernels\": [3, 3]}";

  private static final String MLP = "{\"type\": \"mlp\", \"hidden\": [12]}";

  private static String terms(String student, String terms) {
    return """
        {"dataset": {"uri": "sample:mnist1d"},
         "teacher": {"architecture": {"type": "cnn1d", "channels": [6, 8]}},
         "student": {"architecture": %s},
         "objective": {"alpha": 0.5, "terms": [%s]},
         "training": {"epochs": 1, "batchSize": 90}, "evaluation": {"twin": false}}
        """
        .formatted(student, terms);
  }

  @Test
  void aJobOfTermsTrainsAndSaysWhatEachOfThemDoes() throws Exception {
    String all =
        Methods.all().stream()
            .map(method -> "{\"type\": \"" + method.type() + "\"}")
            .collect(Collectors.joining(", "));
    PipelineOutcome outcome = pipeline.run(spec(terms(CNN, all)), context);

    JsonNode result =
        SpecReader.mapper().readTree(context.workDirectory().resolve("result.json").toFile());
    for (JsonNode term : result.at("/resolved/objective/terms")) {
      String type = term.get("type").stringValue();
      assertThat(context.series)
          .contains(
              "student.term." + type + ".loss",
              "student.term." + type + ".share",
              "student.gradient." + type);
    }
    JsonNode terms = result.at("/resolved/objective/terms");
    assertThat(terms).hasSize(Methods.all().size());
    assertThat(terms.toString())
        .contains("\"students\":[\"conv1\",\"conv2\"]", "\"student\":\"penultimate\"");
    // what the terms trained is no part of the model
    assertThat(((Report) outcome.report()).student().parameters())
        .isEqualTo(3 * 6 + 6 + 3 * 6 * 8 + 8 + 80 * 10 + 10);
  }

  @Test
  void batchesOfNeighboursChangeTheStudentAndNotItsTwin() throws Exception {
    String job =
        terms(MLP, "{\"type\": \"rkd-distance\"}").replace("\"twin\": false", "\"twin\": true");
    JsonNode shuffled = ran(job);
    JsonNode near =
        ran(job.replace("\"epochs\"", "\"batching\": {\"type\": \"neighbours\"}, \"epochs\""));
    assertThat(near.at("/resolved/training/batching/tap").asString()).isEqualTo("penultimate");
    assertThat(near.at("/resolved/teacher/training/batching/type").asString())
        .isEqualTo("shuffled");
    assertThat(near.at("/trainings/twin/parametersSha256"))
        .isEqualTo(shuffled.at("/trainings/twin/parametersSha256"));
    assertThat(near.at("/trainings/student/parametersSha256"))
        .isNotEqualTo(shuffled.at("/trainings/student/parametersSha256"));
  }

  private JsonNode ran(String job) throws Exception {
    pipeline.run(spec(job), context);
    return SpecReader.mapper().readTree(context.workDirectory().resolve("result.json").toFile());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type': 'rkd-distance', 'student': 'hiden1'} | /objective/terms/0/student | `hidden1`",
        "{'type': 'hint', 'teacher': 'conv9'} | /objective/terms/0/teacher | conv1",
        "{'type': 'attention-transfer'} | /objective/terms/0 | maps",
        "{'type': 'flow', 'students': ['hidden1'], 'teachers': ['conv1']} | /objective/terms/0 | hidden1"
      })
  void aTermThatDoesNotFitIsRefusedWithWhatWouldFit(String term, String pointer, String hint) {
    JobSpec spec = spec(terms(MLP, term.replace('\'', '"')));
    assertThatThrownBy(() -> pipeline.inspect(spec, id -> null, Cancellation.NONE))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> {
              assertThat(e.violations().get(0).pointer()).isEqualTo(pointer);
              assertThat(e.getMessage()).contains(hint);
            });
  }

  @Test
  void stagesComeBeforeTheTrainingProperAndTheStudentGoesOnFromThem() throws Exception {
    String staged =
        terms(CNN, "")
            .replace(
                "\"training\"",
                "\"stages\": [{\"name\": \"hint\", \"epochs\": 2, \"objective\":"
                    + " {\"beta\": 0, \"terms\": [{\"type\": \"hint\"}]}},"
                    + " {\"name\": \"flow\", \"epochs\": 1, \"objective\":"
                    + " {\"beta\": 0, \"terms\": [{\"type\": \"flow\"}]}}], \"training\"");
    pipeline.run(spec(staged), context);
    assertThat(context.series)
        .contains("student.hint.loss", "student.flow.term.flow.loss", "student.distillationLoss");
    assertThat(context.progress).isSorted().allMatch(p -> p >= 0 && p <= 1);
    assertThat(context.events)
        .anyMatch(e -> e.startsWith("Trained the student.hint: 2 epochs"))
        .anyMatch(e -> e.startsWith("Trained the student.flow: 1 epochs"));

    Recorder without = new Recorder(Files.createDirectory(directory.resolve("without")));
    pipeline.run(spec(terms(CNN, "")), without);
    assertThat(Files.readAllBytes(without.workDirectory().resolve("student.zip")))
        .isNotEqualTo(Files.readAllBytes(context.workDirectory().resolve("student.zip")));
  }

  @Test
  void aDryRunNamesTheTapsAndTheRoomTheyTake() {
    Inspection found =
        pipeline.inspect(
            spec(terms(MLP, "{\"type\": \"rkd-distance\"}, {\"type\": \"hint\"}")),
            id -> null,
            Cancellation.NONE);
    assertThat(found.resolved().objective().terms().get(0).teacherTaps())
        .containsExactly("penultimate");
    // 5,000 rows of 10 logits and 3,500 of 80 features, floats, with a key of 16 bytes each
    assertThat(found.facts().softTargetBytes()).isEqualTo(5_000 * (40L + 16) + 3_500 * (320L + 16));
  }

  private static final ModelFiles.ParameterCount PARAMETERS = d -> NetworkSize.of(d).parameters();

  private static TrainedModel read(StoredModel model) {
    try {
      return ModelFiles.read(model.file(), PARAMETERS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JobSpec spec(String json) {
    return SpecReader.read(SpecReader.parse(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static final class Counts implements StoreListener {
    final AtomicLong known = new AtomicLong();
    final AtomicLong computed = new AtomicLong();

    @Override
    public void known(long rows) {
      known.addAndGet(rows);
    }

    @Override
    public void computed(long rows) {
      computed.addAndGet(rows);
    }
  }

  private static final class Recorder implements PipelineContext {
    final Set<Phase> phases = new LinkedHashSet<>();
    final List<String> events = new ArrayList<>();
    final List<Double> progress = new ArrayList<>();
    final Set<String> series = new LinkedHashSet<>();
    final Map<String, StoredModel> registry = new LinkedHashMap<>();
    private final Path work;

    Recorder(Path work) {
      this.work = work;
    }

    @Override
    public Path workDirectory() {
      return work;
    }

    @Override
    public int threads() {
      return 1;
    }

    @Override
    public Cancellation cancellation() {
      return Cancellation.NONE;
    }

    @Override
    public CheckpointPlace checkpoints() {
      return new CheckpointPlace(workDirectory(), Duration.ofDays(1), () -> false, () -> {});
    }

    @Override
    public StoredModel model(String id) {
      return registry.get(id);
    }

    @Override
    public void phase(Phase phase) {
      phases.add(phase);
    }

    @Override
    public void progress(double done) {
      progress.add(done);
    }

    @Override
    public void metric(String series, int epoch, long step, double value) {
      this.series.add(series);
    }

    @Override
    public void event(Level level, String message, Map<String, Object> data) {
      events.add(message);
    }
  }
}
