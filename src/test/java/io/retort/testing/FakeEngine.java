package io.retort.testing;

import io.retort.job.SpecInspector;
import io.retort.model.ModelDefinition;
import io.retort.model.ModelInfo;
import io.retort.model.TrainedModel;
import io.retort.pipeline.PipelineContext;
import io.retort.pipeline.PipelineOutcome;
import io.retort.pipeline.PipelineOutcome.OutputFile;
import io.retort.pipeline.PipelineOutcome.OutputModel;
import io.retort.registry.ModelReader;
import io.retort.spec.Architecture;
import io.retort.spec.Fault;
import io.retort.spec.JobSpec;
import io.retort.spec.Phase;
import io.retort.spec.RetortException;
import io.retort.system.Backend;
import io.retort.system.BackendProbe;
import io.retort.worker.JobEngine;
import io.retort.worker.LabellingHelp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Stands in for the engine: what a job does is looked up by its name. */
@TestConfiguration(proxyBeanMethods = false)
public class FakeEngine {

  /** Scripts by job name; a job without one succeeds at once. */
  public static final Map<String, JobEngine> SCRIPTS = new ConcurrentHashMap<>();

  @Bean
  @Primary
  JobEngine scriptedEngine() {
    return (spec, context) ->
        SCRIPTS.getOrDefault(String.valueOf(spec.name()), FakeEngine::succeed).run(spec, context);
  }

  /** What helpers do, by job name; nothing where there is no script. */
  public static final Map<String, LabellingHelp> HELP = new ConcurrentHashMap<>();

  @Bean
  @Primary
  LabellingHelp scriptedHelp() {
    return (spec, context) ->
        HELP.getOrDefault(String.valueOf(spec.name()), (s, c) -> {}).help(spec, context);
  }

  @Bean
  @Primary
  SpecInspector fakeInspector() {
    return new SpecInspector() {
      @Override
      public String formula(JobSpec spec) {
        return spec.objective().alpha() + " * KL + " + spec.objective().beta() + " * CE";
      }

      @Override
      public void check(JobSpec spec) {}

      @Override
      public Findings inspect(JobSpec spec) {
        if (spec.dataset().uri().startsWith("sample:nothing")) {
          throw new BadData("unknown_sample", "There is no sample `nothing`.");
        }
        return new Findings(spec, Map.of("rows", 5000));
      }
    };
  }

  @Bean
  @Primary
  ModelReader fakeModelReader() {
    return new ModelReader() {
      @Override
      public TrainedModel read(Path file) {
        try {
          if (!Files.readString(file).startsWith("model")) {
            throw new BadData("not_a_model", "Only Retort's own model files are accepted.");
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return new TrainedModel(
            new ModelDefinition(new Architecture.Logistic(), List.of(4), List.of("a", "b"), null),
            new float[10]);
      }

      @Override
      public ModelInfo inspect(Path file) {
        return ModelInfo.of(read(file));
      }
    };
  }

  @Bean
  @Primary
  BackendProbe fakeBackend() {
    return () -> new Backend("cpu", "fake", "AVX512", "Linux amd64", 2);
  }

  /** Does what a short job does, quickly. */
  public static PipelineOutcome succeed(JobSpec spec, PipelineContext context) {
    for (int epoch = 1; epoch <= 20; epoch++) {
      context.phase(Phase.TRAINING);
      context.metric("student.loss", epoch, epoch * 10L, 1.0 / epoch);
      context.metric("twin.loss", epoch, epoch * 10L, epoch == 1 ? Double.NaN : 2.0 / epoch);
      context.progress(epoch / 20.0);
      context.event(PipelineContext.Level.INFO, "Epoch " + epoch, Map.of("epoch", epoch));
    }
    return outcome(context, "model of " + spec.name());
  }

  /** An outcome with two artifacts and a model. */
  public static PipelineOutcome outcome(PipelineContext context, String content) {
    Path student = write(context, "student.zip", content);
    Path metrics = write(context, "metrics.csv", "series,epoch,value\n");
    return new PipelineOutcome(
        Map.of("accuracy", 0.9),
        Map.of("verdict", "better", "pValue", 0.01),
        List.of(
            new OutputFile("student.zip", "application/zip", student),
            new OutputFile("metrics.csv", "text/csv", metrics)),
        List.of(new OutputModel("student", "a student", student)));
  }

  private static Path write(PipelineContext context, String name, String content) {
    try {
      return Files.writeString(context.workDirectory().resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A failure such as the engine throws. */
  public static final class BadData extends RetortException {
    public BadData(String code, String message) {
      super(Fault.DATA, code, message);
    }
  }
}
