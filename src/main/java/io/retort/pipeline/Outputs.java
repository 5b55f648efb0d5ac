package io.retort.pipeline;

import io.retort.dataset.PreparedDataset;
import io.retort.evaluation.McNemarTest;
import io.retort.model.ModelFiles;
import io.retort.model.TrainedModel;
import io.retort.pipeline.PipelineOutcome.OutputFile;
import io.retort.pipeline.PipelineOutcome.OutputModel;
import io.retort.pipeline.Report.ModelFigures;
import io.retort.spec.Phase;
import io.retort.spec.Sha256;
import io.retort.spec.SpecReader;
import io.retort.training.Formula;
import io.retort.training.NetworkSize;
import io.retort.training.Networks;
import io.retort.training.TrainingOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers what a run made and writes its files into the work directory. */
final class Outputs {

  private static final String ZIP = "application/zip";
  private static final String ONNX = "student.onnx";

  private final PipelineContext context;
  private final Plan plan;
  private final PreparedDataset data;
  private final String version;
  private final Instant startedAt;
  private final Map<String, JobResult.TrainingFacts> trainings = new LinkedHashMap<>();
  private final Map<String, String> hashes = new LinkedHashMap<>();
  private final List<OutputFile> files = new ArrayList<>();
  private final List<OutputModel> models = new ArrayList<>();
  private final Map<String, ModelFigures> figures = new LinkedHashMap<>();
  private @Nullable TrainedModel student;
  private JobTargets.@Nullable Facts softTargets;

  Outputs(
      PipelineContext context, Plan plan, PreparedDataset data, String version, Instant startedAt) {
    this.context = context;
    this.plan = plan;
    this.data = data;
    this.version = version;
    this.startedAt = startedAt;
  }

  void student(Trainings.Trained student, Examination.Marks marks) throws IOException {
    Path zip = add("student", student, marks);
    this.student = student.model();
    files.add(new OutputFile("student.zip", ZIP, zip));
    models.add(new OutputModel("student", modelName("student"), zip));
  }

  /**
   * A teacher that was there already is measured only; one that was trained here is kept too.
   *
   * @param trained null for the former
   */
  void teacher(Report.ModelSize size, Examination.Marks marks, Trainings.@Nullable Trained trained)
      throws IOException {
    if (trained == null) {
      figures.put("teacher", figures(size, marks, null));
      return;
    }
    Path zip = add("teacher", trained, marks);
    files.add(new OutputFile("teacher.zip", ZIP, zip));
    models.add(new OutputModel("teacher", modelName("teacher"), zip));
  }

  void twin(Trainings.Trained twin, Examination.Marks marks) throws IOException {
    add("twin", twin, marks);
  }

  void softTargets(JobTargets.Facts facts) {
    softTargets = facts;
  }

  private Path add(String role, Trainings.Trained trained, Examination.Marks marks)
      throws IOException {
    Path zip = context.workDirectory().resolve(role + ".zip");
    byte[] sameDiff = Networks.sameDiffFile(trained.model());
    ModelFiles.write(trained.model(), sameDiff, provenance(role), zip);
    NetworkSize size = NetworkSize.of(trained.model().definition());
    TrainingOutcome outcome = trained.outcome();
    figures.put(
        role,
        figures(
            new Report.ModelSize(size.parameters(), (long) sameDiff.length, size.multiplyAdds()),
            marks,
            outcome.seconds()));
    hashes.put(role + ".zip", Sha256.of(zip));
    trainings.put(role, facts(trained, outcome));
    return zip;
  }

  private static ModelFigures figures(
      Report.ModelSize size, Examination.Marks marks, @Nullable Double trainSeconds) {
    return ModelFigures.of(marks.measurement().quality(), size, marks.latency(), trainSeconds);
  }

  private JobResult.TrainingFacts facts(Trainings.Trained trained, TrainingOutcome outcome) {
    return new JobResult.TrainingFacts(
        Formula.of(trained.objective()),
        trained.training().seed(),
        outcome.epochs(),
        outcome.bestEpoch(),
        outcome.bestValidationLoss(),
        outcome.bestValidationAccuracy(),
        outcome.steps(),
        outcome.seconds(),
        Sha256.of(trained.model().parameters()));
  }

  /**
   * Writes the files of the run.
   *
   * @param test student against twin; null where there is no twin
   * @param check the teacher on the validation part; null where nothing was distilled
   */
  PipelineOutcome write(MetricLog metrics, @Nullable McNemarTest test, @Nullable TeacherCheck check)
      throws IOException {
    context.phase(Phase.EXPORTING);
    JobResult.OnnxFacts onnx = student == null ? null : onnx(student);
    Int8Comparison int8 = student == null || !plan.spec().export().int8() ? null : int8(student);
    Report report =
        new Report(
            test == null ? null : test.verdict(),
            test == null ? null : test.pValue(),
            test,
            new Report.TestPart(data.test().size(), data.info().classes()),
            figures.get("student"),
            figures.get("twin"),
            figures.get("teacher"),
            check,
            int8);
    JobResult result =
        new JobResult(
            report,
            plan.spec(),
            Plan.formula(plan.spec()),
            new JobResult.DataFacts(
                data.info(),
                data.train().size(),
                data.validation().size(),
                data.test().size(),
                plan.teacher().files()),
            softTargets,
            trainings,
            hashes,
            onnx,
            Provenance.now(version, startedAt, context.threads()));
    files.add(json(result));
    if (onnx != null) {
      Path card = context.workDirectory().resolve("README.md");
      Files.writeString(card, ModelCard.of(result));
      files.add(new OutputFile("README.md", "text/markdown; charset=utf-8", card));
    }
    Path csv = context.workDirectory().resolve("metrics.csv");
    metrics.write(csv);
    files.add(new OutputFile("metrics.csv", "text/csv", csv));
    return new PipelineOutcome(result, report, files, models);
  }

  private JobResult.OnnxFacts onnx(TrainedModel model) throws IOException {
    Path file = context.workDirectory().resolve(ONNX);
    JobResult.OnnxFacts facts = new StudentExport(model, data.test(), context).to(file, version);
    keep(file);
    return facts;
  }

  /** After the float32 file, beside which it is measured. */
  private Int8Comparison int8(TrainedModel model) throws IOException {
    Path file = context.workDirectory().resolve("student-int8.onnx");
    Path float32 = context.workDirectory().resolve(ONNX);
    Map<String, String> metadata = StudentExport.metadata(model.definition(), version);
    Int8Comparison comparison = new Int8Export(model, data, context).to(file, float32, metadata);
    keep(file);
    return comparison;
  }

  private void keep(Path onnx) throws IOException {
    String name = onnx.getFileName().toString();
    files.add(new OutputFile(name, "application/octet-stream", onnx));
    hashes.put(name, Sha256.of(onnx));
  }

  private OutputFile json(JobResult result) throws IOException {
    Path file = context.workDirectory().resolve("result.json");
    Files.writeString(
        file, SpecReader.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(result));
    return new OutputFile("result.json", "application/json", file);
  }

  private String modelName(String role) {
    String name = plan.spec().name();
    return name == null ? role : name + " (" + role + ")";
  }

  /** What a model file says of where it came from. */
  private Map<String, Object> provenance(String role) {
    return Map.of(
        "role",
        role,
        "retort",
        version,
        "dataset",
        data.info().fingerprint(),
        "formula",
        Plan.formula(plan.spec()));
  }
}
