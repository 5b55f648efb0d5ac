package io.retort.model.foreign;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import io.retort.model.ModelFormat;
import io.retort.model.ModelInfo;
import io.retort.model.OutputInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** ONNX files, through ONNX Runtime. */
final class OnnxReader implements FormatReader {

  private static final int MAX_TAPS = 2_000;

  @Override
  public ModelInfo inspect(Path path) throws IOException {
    return inspect(OnnxFile.read(path));
  }

  static ModelInfo inspect(OnnxFile file) {
    try (OnnxSession session = new OnnxSession(file.with(List.of()), 1, false)) {
      List<io.retort.model.TensorInfo> inputs = inputs(session);
      checkOutputs(session);
      OnnxProbe probe =
          inputs.stream().allMatch(io.retort.model.TensorInfo::fixed)
              ? OnnxProbe.of(file, inputs, batch(session), taps(file, session))
              : OnnxProbe.NONE;
      return new ModelInfo(
          ModelFormat.ONNX,
          null,
          inputs,
          outputs(file, session, probe),
          file.parameters(),
          probe.taps(),
          OnnxClasses.of(file),
          facts(file, session));
    }
  }

  @Override
  public RunningModel open(Path path, Opening opening) throws IOException {
    return open(OnnxFile.read(path), opening);
  }

  static RunningModel open(OnnxFile file, Opening opening) {
    List<String> declared = file.graph().getOutputList().stream().map(o -> o.getName()).toList();
    Map<String, ?> made = file.producers();
    List<String> more = new ArrayList<>();
    for (String name : opening.outputs()) {
      if (!declared.contains(name)) {
        if (!made.containsKey(name)) {
          throw new ForeignModelException(
              "unknown_tensor", "The model has no tensor " + Names.shown(name) + ".");
        }
        more.add(name);
      }
    }
    OnnxSession session = new OnnxSession(file.with(more), opening.threads(), true);
    try {
      return OnnxRunner.of(session, opening, batch(session));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static List<io.retort.model.TensorInfo> inputs(OnnxSession session) {
    List<io.retort.model.TensorInfo> inputs = new ArrayList<>();
    session
        .inputs()
        .forEach(
            (name, node) -> {
              if (!(node.getInfo() instanceof TensorInfo tensor)
                  || !OnnxValues.canFeed(tensor.type)) {
                throw ForeignModelException.unsupported(
                    ("The input %s is of type %s; float16, float32, float64, int32 and int64 can be fed."
                            + " Encode or cast in the dataset, or give what the model says as"
                            + " soft targets (teacher.softTargets).")
                        .formatted(Names.shown(name), typeName(node)));
              }
              inputs.add(
                  new io.retort.model.TensorInfo(
                      name, OnnxValues.name(tensor.type), rowShape(tensor)));
            });
    if (inputs.isEmpty()) {
      throw ForeignModelException.unsupported("The model has no input.");
    }
    return inputs;
  }

  private static String typeName(NodeInfo node) {
    return node.getInfo() instanceof TensorInfo tensor
        ? OnnxValues.name(tensor.type)
        : node.getInfo().getClass().getSimpleName();
  }

  private static void checkOutputs(OnnxSession session) {
    if (session.outputs().values().stream().noneMatch(o -> givesNumbers(o.getInfo()))) {
      throw ForeignModelException.unsupported(
          "None of the outputs gives logits or probabilities: " + session.outputs().keySet() + ".");
    }
  }

  private static boolean givesNumbers(ValueInfo info) {
    return info instanceof TensorInfo tensor
        ? OnnxValues.isFloating(tensor.type)
        : info instanceof SequenceInfo sequence && sequence.isSequenceOfMaps();
  }

  /** The first side is the batch. */
  private static List<Integer> rowShape(TensorInfo tensor) {
    return Arrays.stream(tensor.getShape())
        .skip(1)
        .mapToObj(side -> side > 0 && side < Integer.MAX_VALUE ? (int) side : -1)
        .toList();
  }

  /** Rows that a run must have; -1 for any number. */
  private static int batch(OnnxSession session) {
    for (NodeInfo node : session.inputs().values()) {
      long[] shape = ((TensorInfo) node.getInfo()).getShape();
      if (shape.length > 0 && shape[0] > 0) {
        return Math.toIntExact(shape[0]);
      }
    }
    return -1;
  }

  private static List<String> taps(OnnxFile file, OnnxSession session) {
    return file.producers().keySet().stream()
        .filter(name -> !session.outputs().containsKey(name))
        .limit(MAX_TAPS)
        .toList();
  }

  private static List<OutputInfo> outputs(OnnxFile file, OnnxSession session, OnnxProbe probe) {
    OnnxMeaning meaning = new OnnxMeaning(file);
    List<OutputInfo> outputs = new ArrayList<>();
    session
        .outputs()
        .forEach(
            (name, node) -> {
              OnnxProbe.@Nullable Seen seen = probe.outputs().get(name);
              ValueInfo info = node.getInfo();
              List<Integer> shape =
                  seen != null
                      ? seen.shape()
                      : info instanceof TensorInfo tensor ? rowShape(tensor) : List.of(-1);
              OutputInfo.Kind kind =
                  givesNumbers(info) ? meaning.of(name, seen) : OutputInfo.Kind.LABEL;
              String type =
                  info instanceof TensorInfo tensor ? OnnxValues.name(tensor.type) : "map";
              outputs.add(new OutputInfo(name, type, shape, kind));
            });
    return outputs;
  }

  private static Map<String, String> facts(OnnxFile file, OnnxSession session) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "opset",
        file.model().getOpsetImportList().stream()
            .map(o -> (o.getDomain().isEmpty() ? "" : o.getDomain() + " ") + o.getVersion())
            .limit(10)
            .collect(Collectors.joining(", ")));
    facts.put(
        "producer",
        (file.model().getProducerName() + " " + file.model().getProducerVersion()).strip());
    facts.put("batch", batch(session) < 0 ? "any" : String.valueOf(batch(session)));
    return facts;
  }
}
