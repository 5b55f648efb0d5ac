package io.retort.pipeline;

import io.retort.dataset.Split;
import io.retort.model.ModelDefinition;
import io.retort.model.TrainedModel;
import io.retort.onnx.OnnxException;
import io.retort.onnx.OnnxFile;
import io.retort.onnx.OnnxNetwork;
import io.retort.spec.SpecReader;
import io.retort.training.InferenceNetwork;
import io.retort.training.Networks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A student as an ONNX file that is only kept once ONNX Runtime has computed the same with it. */
final class StudentExport {

  /** Largest difference of a logit: rounding stays far below it, a wrong layer does not. */
  static final double ALLOWED = 1e-4;

  private static final int BATCH = 256;

  private final TrainedModel model;
  private final Split test;
  private final PipelineContext context;

  StudentExport(TrainedModel model, Split test, PipelineContext context) {
    this.model = model;
    this.test = test;
    this.context = context;
  }

  /**
   * Writes the file.
   *
   * @param version of Retort, for the file's metadata
   * @throws OnnxException where ONNX Runtime refuses the file or computes something else
   */
  JobResult.OnnxFacts to(Path file, String version) throws IOException {
    byte[] content = OnnxFile.of(Networks.onnx(model), metadata(model.definition(), version));
    double difference = largestDifference(content);
    check(difference);
    Files.write(file, content);
    return new JobResult.OnnxFacts(
        OnnxFile.OPSET,
        OnnxFile.IR_VERSION,
        OnnxNetwork.runtime(),
        content.length,
        test.size(),
        difference,
        ALLOWED);
  }

  /** Written so that a difference that is no number fails too. */
  static void check(double difference) {
    if (!(difference <= ALLOWED)) {
      throw OnnxException.differs(difference, ALLOWED);
    }
  }

  static Map<String, String> metadata(ModelDefinition definition, String version) {
    return Map.of(
        "retort.version", version,
        "retort.classes", SpecReader.mapper().writeValueAsString(definition.classes()),
        "retort.inputShape", SpecReader.mapper().writeValueAsString(definition.inputShape()));
  }

  private double largestDifference(byte[] content) {
    ModelDefinition definition = model.definition();
    int classes = definition.classes().size();
    int batch = Math.min(BATCH, test.size());
    FloatBuffer features = floats(batch * definition.columns());
    FloatBuffer ours = floats(batch * classes);
    FloatBuffer theirs = floats(batch * classes);
    int[] rows = new int[batch];
    double largest = 0;
    try (InferenceNetwork own = InferenceNetwork.open(model, batch, context.threads());
        OnnxNetwork exported =
            OnnxNetwork.open(content, definition.columns(), classes, context.threads())) {
      for (int from = 0; from < test.size(); from += batch) {
        context.cancellation().check();
        int count = Math.min(batch, test.size() - from);
        for (int i = 0; i < count; i++) {
          rows[i] = from + i;
        }
        test.gather(rows, 0, count, features);
        own.logits(features, count, ours);
        exported.logits(features, count, theirs);
        largest = Math.max(largest, difference(ours, theirs, count * classes));
      }
    }
    return largest;
  }

  /** NaN where any difference is. */
  private static double difference(FloatBuffer ours, FloatBuffer theirs, int numbers) {
    double largest = 0;
    for (int i = 0; i < numbers; i++) {
      largest = Math.max(largest, Math.abs((double) ours.get(i) - theirs.get(i)));
    }
    return largest;
  }

  static FloatBuffer floats(int n) {
    return ByteBuffer.allocateDirect(n * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
