package io.retort.pipeline;

import io.retort.training.EpochMetrics;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Hands metrics on as they come and keeps them for {@code metrics.csv}. */
final class MetricLog {

  private record Point(String series, int epoch, long step, double value) {}

  private final PipelineContext context;
  private final List<Point> points = new ArrayList<>();

  MetricLog(PipelineContext context) {
    this.context = context;
  }

  void epoch(String role, EpochMetrics m) {
    add(role + ".loss", m, m.loss());
    if (!Double.isNaN(m.distillationLoss())) {
      add(role + ".distillationLoss", m, m.distillationLoss());
    }
    if (!Double.isNaN(m.distillationLoss()) || !m.terms().isEmpty()) {
      add(role + ".studentLoss", m, m.studentLoss());
    }
    m.terms().forEach((name, value) -> add(role + "." + name, m, value));
    add(role + ".validationLoss", m, m.validationLoss());
    add(role + ".validationAccuracy", m, m.validationAccuracy());
    add(role + ".learningRate", m, m.learningRate());
  }

  private void add(String series, EpochMetrics m, double value) {
    points.add(new Point(series, m.epoch(), m.step(), value));
    context.metric(series, m.epoch(), m.step(), value);
  }

  void write(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("series,epoch,step,value\n");
      for (Point p : points) {
        out.write(p.series + ',' + p.epoch + ',' + p.step + ',' + p.value + '\n');
      }
    }
  }
}
