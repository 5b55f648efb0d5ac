package io.retort.spec;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The rules that no single field can hold. */
final class CrossFieldRules {

  /** Time grows with the third power: 100 rows take 1.3 ms a step. */
  private static final int MOST_ANGLES = 256;

  /** Times the candidates for negatives they make up to 64 MiB an array. */
  private static final int MOST_CONTRASTS = 1024;

  private final List<Violation> violations = new ArrayList<>();

  private CrossFieldRules() {}

  /**
   * @param posted tells fields that were given from those filled in by default
   */
  static List<Violation> check(JobSpec spec, ObjectNode posted) {
    CrossFieldRules rules = new CrossFieldRules();
    rules.teacher(spec);
    if (spec.type() == JobType.DISTILL) {
      rules.distill(spec);
    } else {
      rules.train(spec, posted);
    }
    if (spec.dataset() != null) {
      rules.dataset(spec.dataset());
    }
    rules.training("/training", spec.training());
    rules.webhooks(spec.webhooks());
    rules.batching(spec);
    return rules.violations;
  }

  private void teacher(JobSpec spec) {
    TeacherSpec teacher = spec.teacher();
    if (teacher == null) {
      refuse(
          "/teacher",
          "is required: give its `architecture`, the id of a `model`, `softTargets`, an `endpoint` or an `ensemble`");
      return;
    }
    violations.addAll(TeacherRules.check(teacher, spec.dataset()));
    architecture("/teacher/architecture", teacher.architecture());
    if (teacher.training() != null) {
      training("/teacher/training", teacher.training());
    }
  }

  private void distill(JobSpec spec) {
    if (spec.student() == null) {
      refuse(
          "/student", "is required: give its `architecture`, or the id of a `model` to go on from");
    } else if ((spec.student().architecture() == null) == (spec.student().model() == null)) {
      refuse("/student", "must have exactly one of `architecture` and `model`");
    } else {
      architecture("/student/architecture", spec.student().architecture());
    }
    stages(spec);
    objective(spec, spec.objective(), "/objective");
  }

  private void stages(JobSpec spec) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < spec.stages().size(); i++) {
      StageSpec stage = spec.stages().get(i);
      if (stage != null && stage.name() != null && !names.add(stage.name())) {
        refuse("/stages/" + i + "/name", "`" + stage.name() + "` is another stage's already");
      }
      if (stage != null && stage.objective() != null) {
        objective(spec, stage.objective(), "/stages/" + i + "/objective");
      }
    }
  }

  private void objective(JobSpec spec, ObjectiveSpec objective, String pointer) {
    if (objective.alpha() == 0 && objective.beta() == 0 && objective.terms().isEmpty()) {
      refuse(pointer, "alpha and beta must not both be 0: nothing would be learned");
    }
    terms(spec, objective.terms(), pointer + "/terms/");
  }

  private void terms(JobSpec spec, List<TermSpec> terms, String pointer) {
    for (int i = 0; i < terms.size(); i++) {
      TermSpec term = terms.get(i);
      if (term == null) {
        continue;
      }
      String at = pointer + i;
      if (term.weight() == 0) {
        refuse(at + "/weight", "must be greater than 0: leave the term out instead");
      }
      int batch = spec.training().batchSize();
      if (batch < term.method().minBatch()) {
        refuse(
            at,
            "`%s` needs batches of at least %d rows, but `training.batchSize` is %d"
                .formatted(term.type(), term.method().minBatch(), batch));
      }
      if (term instanceof RelationTerm.RkdAngle && batch > MOST_ANGLES) {
        refuse(
            at,
            "`rkd-angle` compares every three rows, so `training.batchSize` may be at most "
                + MOST_ANGLES);
      }
      if (term instanceof RelationTerm.Contrast && batch > MOST_CONTRASTS) {
        refuse(
            at,
            "`crd` compares a batch with thousands of rows, so `training.batchSize` may be at most "
                + MOST_CONTRASTS);
      }
      if (term instanceof TermSpec.OfMany many
          && many.students().size() != many.teachers().size()) {
        refuse(at + "/teachers", "must be as many as `students`: they are pairs");
      }
      TeacherSpec teacher = spec.teacher();
      if (!term.readsOnlyLogits()
          && teacher != null
          && teacher.architecture() == null
          && teacher.model() == null) {
        refuse(
            at,
            "`%s` reads tensors inside the teacher; a teacher of soft targets, an endpoint or an ensemble gives only logits"
                .formatted(term.type()));
      }
    }
  }

  private void train(JobSpec spec, ObjectNode posted) {
    TeacherSpec teacher = spec.teacher();
    if (teacher != null && teacher.architecture() == null) {
      String given = teacher.model() != null ? "/model" : "";
      refuse("/teacher" + given, "a `train` job makes a teacher: give its `architecture`");
    }
    if (!posted.at("/teacher/softTargetPrecision").isMissingNode()) {
      refuse("/teacher/softTargetPrecision", "does not apply to a `train` job");
    }
    for (String field : List.of("student", "objective", "stages", "evaluation", "export")) {
      if (posted.has(field)) {
        refuse("/" + field, "does not apply to a `train` job");
      }
    }
  }

  private void dataset(DatasetSpec dataset) {
    double held =
        (dataset.validation() == null ? dataset.split().validation() : 0)
            + (dataset.test() == null ? dataset.split().test() : 0);
    if (held >= 1) {
      refuse(
          "/dataset/split", "validation and test together must leave rows to train on (sum < 1)");
    }
    List<String> features = dataset.features();
    if (features != null) {
      if (features.contains(dataset.label())) {
        refuse("/dataset/features", "must not contain the label `" + dataset.label() + "`");
      }
      if (new HashSet<>(features).size() < features.size()) {
        refuse("/dataset/features", "must not name a column twice");
      }
    }
  }

  private void architecture(String pointer, @Nullable Architecture architecture) {
    if (architecture instanceof Architecture.Cnn1d cnn
        && cnn.channels() != null
        && cnn.kernels().size() != cnn.channels().size()) {
      refuse(
          pointer + "/kernels",
          "must have one width a convolution: "
              + cnn.channels().size()
              + " channels, "
              + cnn.kernels().size()
              + " kernels");
    }
  }

  private void training(String pointer, TrainingSpec training) {
    int warmup = training.schedule().warmupEpochs();
    if (warmup > 0 && warmup >= training.epochCount()) {
      refuse(
          pointer + "/schedule/warmupEpochs",
          "must be less than the " + training.epochCount() + " epochs");
    }
  }

  private void webhooks(List<WebhookSpec> webhooks) {
    for (int i = 0; i < webhooks.size(); i++) {
      WebhookSpec webhook = webhooks.get(i);
      if (webhook != null && webhook.url() != null && !isPlainAddress(webhook.url())) {
        // without the value: it may hold a password
        refuse(
            "/notify/" + i + "/url",
            "must be an http or https URL with a host, without a user name or password");
      }
    }
  }

  private static boolean isPlainAddress(String url) {
    try {
      URI uri = new URI(url);
      return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private void batching(JobSpec spec) {
    BatchingSpec batching = spec.training().batching();
    if (spec.type() == JobType.TRAIN && batching.neighbours()) {
      refuse(
          "/training/batching",
          "`neighbours` are close in what a teacher gives; a `train` job has none");
    } else if (batching.neighbours() && batching.k() >= spec.training().batchSize()) {
      refuse(
          "/training/batching/k",
          "must be less than `training.batchSize`, which is " + spec.training().batchSize());
    }
    TeacherSpec teacher = spec.teacher();
    if (teacher != null
        && teacher.training() != null
        && teacher.training().batching().neighbours()) {
      refuse(
          "/teacher/training/batching",
          "`neighbours` are close in what a teacher gives; the teacher itself has none");
    }
  }

  private void refuse(String pointer, String message) {
    violations.add(Violation.of(pointer, message));
  }
}
