package io.retort.pipeline;

import io.retort.dataset.PreparedDataset;
import io.retort.dataset.Split;
import io.retort.evaluation.Latency;
import io.retort.evaluation.Measurement;
import io.retort.evaluation.Quality;
import io.retort.model.TrainedModel;
import io.retort.onnx.Calibration;
import io.retort.onnx.OnnxException;
import io.retort.onnx.OnnxFile;
import io.retort.onnx.OnnxGraph;
import io.retort.onnx.OnnxNetwork;
import io.retort.pipeline.Int8Comparison.FileFigures;
import io.retort.training.Networks;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A student as an int8 ONNX file, measured beside the float32 one. */
final class Int8Export {

  /** Enough for the ends of a range; more rows changed no figure. */
  private static final int CALIBRATION_ROWS = 1_000;

  /** Activations of a whole batch lie in memory at once. */
  private static final int BATCH = 64;

  private final TrainedModel student;
  private final PreparedDataset data;
  private final PipelineContext context;

  Int8Export(TrainedModel student, PreparedDataset data, PipelineContext context) {
    this.student = student;
    this.data = data;
    this.context = context;
  }

  /**
   * Writes the file, however good it is, and says how good.
   *
   * @param float32 the student's float32 file
   * @param metadata of that file
   * @throws OnnxException where ONNX Runtime refuses the file
   */
  Int8Comparison to(Path file, Path float32, Map<String, String> metadata) throws IOException {
    Map<String, String> all = new TreeMap<>(metadata);
    all.put("retort.quantization", "int8");
    byte[] content = OnnxFile.of(quantized(), all);
    Files.write(file, content);
    Int8Comparison comparison = compared(Files.readAllBytes(float32), content);
    context.event(
        comparison.isNotablyWorse() || comparison.isLarger()
            ? PipelineContext.Level.WARNING
            : PipelineContext.Level.INFO,
        comparison.summary(),
        Map.of(
            "accuracy", comparison.quantized().accuracy(),
            "float32Accuracy", comparison.float32().accuracy(),
            "agreement", comparison.agreement()));
    return comparison;
  }

  private int calibrationRows() {
    return Math.min(CALIBRATION_ROWS, data.train().size());
  }

  /** Rows at even distances, since a dataset may be sorted. */
  private OnnxGraph quantized() {
    Split train = data.train();
    int rows = calibrationRows();
    int[] positions = new int[rows];
    for (int i = 0; i < rows; i++) {
      positions[i] = (int) ((long) i * train.size() / rows);
    }
    FloatBuffer features = StudentExport.floats(BATCH * train.columns());
    try (Calibration calibration = Calibration.of(Networks.onnx(student), context.threads())) {
      for (int from = 0; from < rows; from += BATCH) {
        context.cancellation().check();
        int count = Math.min(BATCH, rows - from);
        train.gather(positions, from, count, features);
        calibration.add(features, count);
      }
      return calibration.quantized();
    }
  }

  private Int8Comparison compared(byte[] float32, byte[] int8) {
    try (OnnxNetwork before = open(float32);
        OnnxNetwork after = open(int8)) {
      Quality was = measured(before, null);
      Quality is = measured(after, before);
      List<Latency> latencies = Latency.alternating(List.of(oneRow(before), oneRow(after)));
      return new Int8Comparison(
          FileFigures.of(was, float32.length, latencies.get(0)),
          FileFigures.of(is, int8.length, latencies.get(1)),
          Objects.requireNonNull(is.agreement()),
          Objects.requireNonNull(is.meanKl()),
          calibrationRows());
    }
  }

  private OnnxNetwork open(byte[] file) {
    return OnnxNetwork.open(file, data.test().columns(), classes().size(), context.threads());
  }

  /** The float32 network is the int8 one's teacher here: they are compared as those are. */
  private Quality measured(OnnxNetwork network, @Nullable OnnxNetwork reference) {
    return Measurement.of(
            rows(network),
            data.test()::label,
            classes(),
            reference == null ? null : rows(reference))
        .quality();
  }

  private ComputedRows rows(OnnxNetwork network) {
    return new ComputedRows(network, data.test(), classes().size(), context.cancellation());
  }

  private List<String> classes() {
    return data.info().classes();
  }

  private Runnable oneRow(OnnxNetwork network) {
    FloatBuffer row = StudentExport.floats(data.test().columns());
    FloatBuffer logits = StudentExport.floats(classes().size());
    data.test().gather(new int[] {0}, 0, 1, row);
    return () -> network.logits(row, 1, logits);
  }
}
