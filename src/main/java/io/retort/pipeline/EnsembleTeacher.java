package io.retort.pipeline;

import io.retort.evaluation.Latency;
import io.retort.spec.OutputKind;
import io.retort.teacher.MixedTargets;
import io.retort.teacher.SoftTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Several teachers, averaged; each labels the rows by itself. */
record EnsembleTeacher(List<JobTeacher> members, List<Double> weights, OutputKind averaging)
    implements JobTeacher {

  @Override
  public boolean knows(Part part) {
    return members.stream().allMatch(member -> member.knows(part));
  }

  @Override
  public TaughtRows label(Part part, List<String> taps, DoubleConsumer progress) {
    List<SoftTargets> labelled = new ArrayList<>();
    for (JobTeacher member : members) {
      double before = labelled.size();
      labelled.add(member.label(part, done -> progress.accept((before + done) / members.size())));
    }
    return new TaughtRows(new MixedTargets(labelled, weights, averaging), List.of());
  }

  /** The sums of its members', as far as all of them tell. */
  @Override
  public Report.ModelSize size() {
    return new Report.ModelSize(
        sum(Report.ModelSize::parameters),
        sum(Report.ModelSize::bytes),
        sum(Report.ModelSize::multiplyAdds));
  }

  private @Nullable Long sum(Function<Report.ModelSize, @Nullable Long> figure) {
    List<@Nullable Long> all = new ArrayList<>();
    members.forEach(m -> all.add(figure.apply(m.size())));
    return all.contains(null) ? null : all.stream().mapToLong(n -> Objects.requireNonNull(n)).sum();
  }

  /** Its members' together, one after the other. */
  @Override
  public @Nullable Latency latency() {
    double p50 = 0;
    double p95 = 0;
    for (JobTeacher member : members) {
      Latency latency = member.latency();
      if (latency == null) {
        return null;
      }
      p50 += latency.p50();
      p95 += latency.p95();
    }
    return new Latency(p50, p95);
  }

  @Override
  public void close() {
    members.forEach(JobTeacher::close);
  }
}
