package io.retort.pipeline;

import io.retort.model.ModelDefinition;
import io.retort.spec.Architecture;
import io.retort.spec.JobSpec;
import io.retort.spec.JobType;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.RelationTerm;
import io.retort.spec.TrainingSpec;
import io.retort.teacher.Tap;
import io.retort.training.NetworkSize;
import io.retort.training.Networks;
import io.retort.training.TeacherTap;
import io.retort.training.TrainingException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a job needs beside the heap at its largest moment, roughly: the larger of its two
 * trainings. Datasets and soft targets are not counted: they are mapped files, which the system
 * drops from memory when it needs the room.
 *
 * @param bytes at least what is sure
 * @param pointer of what needs the most, in the job spec
 */
@Schema(description = "Memory that a job needs beside the heap, roughly.")
public record MemoryEstimate(
    long bytes,
    @Schema(
            description = "JSON pointer of what needs the most in the job",
            example = "/student/architecture")
        String pointer) {

  /** Values, gradients, two moments, the best epoch's values and a checkpoint's copy. */
  private static final int VECTORS = 6;

  /** What leaves each layer, its gradient, and the next batch beside them. */
  private static final int PASSES = 3;

  /**
   * Numbers between rows of student and teacher, their difference, its loss and the gradients, and
   * the teacher's of the next two batches.
   */
  private static final int RELATIONS = 11;

  private static final String TEACHER = "/teacher/architecture";
  private static final String STUDENT = "/student/architecture";

  /** What can be said before the data is read: nets of the smallest input, batches of one row. */
  public static MemoryEstimate least(JobSpec spec) {
    Architecture teacher = spec.teacher() == null ? null : spec.teacher().architecture();
    Architecture student = spec.student() == null ? null : spec.student().architecture();
    return larger(
        of(smallest(teacher, TEACHER), 1, TEACHER), of(smallest(student, STUDENT), 1, STUDENT));
  }

  /**
   * Refuses what needs more.
   *
   * @throws MemoryException {@code too_much_memory}
   */
  public void check(long most) {
    if (bytes > most) {
      throw new MemoryException(this, most);
    }
  }

  /**
   * @param rows that are trained on
   */
  static MemoryEstimate of(Plan plan, int rows) {
    JobSpec spec = plan.spec();
    ModelDefinition teacher =
        plan.teacher() instanceof TeacherPlan.Untrained untrained ? untrained.definition() : null;
    TrainingSpec teaching = Objects.requireNonNull(spec.teacher()).training();
    TrainingSpec training = spec.training();
    MemoryEstimate taught =
        of(teacher, batch(teaching == null ? training : teaching, rows), TEACHER);
    ModelDefinition student = plan.student() == null ? null : plan.student().definition();
    MemoryEstimate learning = of(student, batch(training, rows), STUDENT);
    long terms =
        spec.type() == JobType.TRAIN
            ? 0
            : terms(spec, batch(training, rows)) + kept(spec, plan.teacher().taps(), rows);
    return larger(taught, new MemoryEstimate(learning.bytes() + terms, learning.pointer()));
  }

  private static MemoryEstimate of(@Nullable ModelDefinition net, long batch, String pointer) {
    if (net == null) {
      return new MemoryEstimate(0, pointer);
    }
    long parameters = NetworkSize.of(net).parameters();
    long numbers = VECTORS * parameters + PASSES * batch * Networks.activations(net);
    return new MemoryEstimate(numbers * Float.BYTES, pointer);
  }

  private static long terms(JobSpec spec, long batch) {
    return spec.objectives().values().stream()
        .mapToLong(objective -> terms(objective, batch))
        .max()
        .orElse(0);
  }

  /** What is kept of the teacher's taps, which is no larger than they are; stages come in turn. */
  private static long kept(JobSpec spec, List<Tap> taps, int rows) {
    return spec.objectives().values().stream()
        .mapToLong(
            objective -> {
              Set<String> read =
                  objective.featureTerms().stream()
                      .flatMap(term -> term.teacherTaps().stream())
                      .collect(Collectors.toSet());
              return TeacherTap.keptBytes(
                  taps.stream().filter(tap -> read.contains(tap.name())).toList(), rows);
            })
        .max()
        .orElse(0);
  }

  /** Those that compare rows with each other hold numbers for pairs of them. */
  private static long terms(ObjectiveSpec objective, long batch) {
    return objective.terms().stream()
        .filter(term -> term instanceof RelationTerm)
        .mapToLong(term -> RELATIONS * batch * batch)
        .map(numbers -> numbers * Float.BYTES)
        .sum();
  }

  private static long batch(TrainingSpec training, int rows) {
    return Math.min(training.batchSize(), rows);
  }

  private static @Nullable ModelDefinition smallest(
      @Nullable Architecture architecture, String pointer) {
    if (architecture == null) {
      return null;
    }
    ModelDefinition smallest =
        new ModelDefinition(
            architecture, Networks.smallestShape(architecture), List.of("a", "b"), null);
    try {
      Networks.check(smallest, pointer);
      return smallest;
    } catch (TrainingException e) {
      if (architecture instanceof Architecture.Mlp) {
        throw e; // reads rows of any shape, so it can only be too large
      }
      return null; // what the data's shape will say is not known yet
    }
  }

  private static MemoryEstimate larger(MemoryEstimate a, MemoryEstimate b) {
    return a.bytes() >= b.bytes() ? a : b;
  }
}
