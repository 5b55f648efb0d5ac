package io.retort.model.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.spec.RetortException;
import io.retort.testing.Dl4jFiles;
import io.retort.testing.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataLocation;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that mean harm, each refused with a reason. */
class HostileModelsTest {

  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";

  @TempDir static Path directory;
  private static String configuration;
  private static byte[] coefficients;
  private final ForeignModels models = new ForeignModels(ModelLimits.DEFAULT);

  @BeforeAll
  static void writeARealOne() throws IOException {
    Path file = directory.resolve("real.zip");
    Dl4jFiles.convolutional(file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      configuration =
          new String(
              zip.getInputStream(zip.getEntry(CONFIGURATION)).readAllBytes(),
              StandardCharsets.UTF_8);
      coefficients = zip.getInputStream(zip.getEntry(COEFFICIENTS)).readAllBytes();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "preprocessor.bin, unsupported_model",
    "normalizer.bin, unsupported_model",
    "../../evil.bin, unsupported_model",
    "/etc/cron.d/evil, unsupported_model"
  })
  void refusesZipEntriesThatNoNetworkHas(String name, String code) throws IOException {
    Map<String, byte[]> entries = real();
    entries.put(name, new byte[] {1, 2, 3});
    refused(zip(entries), code);
  }

  @Test
  void refusesAZipBomb() throws IOException {
    Map<String, byte[]> entries = real();
    entries.put(COEFFICIENTS, new byte[200 << 20]);
    refused(zip(entries), "damaged_model");
  }

  @Test
  void refusesTwoEntriesOfOneName() throws IOException {
    Map<String, byte[]> entries = real();
    entries.put("configuration.jsoX", "{}".getBytes(StandardCharsets.UTF_8));
    byte[] bytes = Files.readAllBytes(zip(entries));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Path file = directory.resolve("twice.zip");
    Files.write(
        file,
        text.replace("configuration.jsoX", CONFIGURATION).getBytes(StandardCharsets.ISO_8859_1));
    refused(file, "damaged_model");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conf.layers.ConvolutionLayer | conf.layers.samediff.SameDiffLambdaLayer | unsupported_layer",
        "org.nd4j.linalg.activations.impl.ActivationReLU | java.lang.ProcessBuilder | unsupported_layer",
        "org.nd4j.linalg.activations.impl.ActivationReLU | org.nd4j.linalg.activations.impl.Evil$Inner | unsupported_layer",
        "\"dataType\" : \"FLOAT\" | \"@type\" : \"x\" | unsupported_layer",
        "\"biasInit\" : 0.0 | \"biasInit\" : 0.0, \"biasInit\" : 1.0 | damaged_model",
        "\"nout\" : 4 | \"nout\" : 2000000000 | damaged_model",
        "\"nout\" : 4 | \"nout\" : 5 | damaged_model",
        "\"confs\" | \"confz\" | damaged_model"
      })
  void refusesConfigurationsThatNameOrClaimTooMuch(String what, String by, String code)
      throws IOException {
    Map<String, byte[]> entries = real();
    String changed =
        configuration.replaceFirst(
            java.util.regex.Pattern.quote(what.strip()), by.strip().replace("$", "\\$"));
    assertThat(changed).isNotEqualTo(configuration);
    entries.put(CONFIGURATION, changed.getBytes(StandardCharsets.UTF_8));
    refused(zip(entries), code);
  }

  /**
   * Positions as in ND4J's format: rank, first side, buffer length, type, and the number itself.
   */
  @ParameterizedTest
  @ValueSource(ints = {36, 44, 50, 98, 104, 112})
  void refusesForgedArrayHeaders(int position) throws IOException {
    byte[] forged = coefficients.clone();
    Arrays.fill(forged, position, position + 4, (byte) 0x7f);
    Map<String, byte[]> entries = real();
    entries.put(COEFFICIENTS, forged);
    Path file = zip(entries);
    try {
      new Dl4jReader().inspect(file);
    } catch (RetortException e) {
      assertThat(e.code()).isEqualTo("damaged_model");
    }
  }

  @Test
  void refusesTruncatedNetworks() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(real()));
    for (int length = 4; length < bytes.length - 1; length += bytes.length / 40) {
      refused(write("cut.zip", Arrays.copyOf(bytes, length)), "damaged_model");
    }
  }

  @Test
  void refusesTruncatedOnnxFiles() throws IOException {
    byte[] bytes = Fixtures.bytes("torch-mlp.onnx");
    for (int length = 2; length < bytes.length - 20; length += bytes.length / 40) {
      Path file = write("cut.onnx", Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> OnnxFile.read(file)).isInstanceOf(RetortException.class);
    }
  }

  @Test
  void refusesOnnxFilesThatWantToReadOthers() throws IOException {
    TensorProto outside =
        TensorProto.newBuilder()
            .setName("w")
            .addDims(4)
            .setDataType(1)
            .setDataLocation(DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder().setKey("location").setValue("../../etc/passwd"))
            .build();
    Path file =
        onnx(GraphProto.newBuilder().addInitializer(outside).addNode(node("Relu", "x", "y")));
    assertThatThrownBy(() -> OnnxFile.read(file)).hasMessageContaining("another file");
  }

  @Test
  void refusesAGraphOfAMillionNodes() throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder();
    for (int i = 0; i < 1_000_000; i++) {
      graph.addNode(node("Relu", "t" + i, "t" + (i + 1)));
    }
    Path file = onnx(graph);
    refusedInAProcess(file, "model_too_large");
  }

  @Test
  void refusesAGraphThatRunsInCircles() throws IOException {
    refusedInAProcess(
        onnx(
            GraphProto.newBuilder()
                .addNode(node("Add", "x", "b", "a"))
                .addNode(node("Relu", "a", "b"))),
        "unsupported_model");
  }

  @Test
  void refusesALengthOfTwoGigabytes() throws IOException {
    // field 7, the graph, said to be 2^31 - 1 bytes long
    byte[] bytes = {0x08, 0x08, 0x3a, -1, -1, -1, -1, 0x07, 0x0a, 0x00};
    refusedInAProcess(write("long.onnx", bytes), "damaged_model");
  }

  @Test
  void aModelThatWantsTooMuchMemoryTakesOnlyItsProcess() throws IOException {
    // 40,000 x 40,000 floats, 6.4 GB
    TensorProto shape =
        TensorProto.newBuilder()
            .setName("shape")
            .addDims(2)
            .setDataType(7)
            .addInt64Data(40_000)
            .addInt64Data(40_000)
            .build();
    Path file =
        onnx(
            GraphProto.newBuilder()
                .addInitializer(shape)
                .addNode(node("Identity", "x", "y"))
                .addNode(node("ConstantOfShape", "shape", "huge")));
    assertThatThrownBy(() -> models.inspect(file)).isInstanceOf(RetortException.class);
  }

  @Test
  void aProcessThatTakesTooLongIsGivenUp() {
    ModelLimits impatient =
        new ModelLimits(1L << 30, Duration.ofMillis(300), Duration.ofMillis(300));
    assertThatThrownBy(() -> new ForeignModels(impatient).inspect(Fixtures.file("torch-mlp.onnx")))
        .isInstanceOf(RetortException.class);
  }

  @Test
  void aProcessThatIsKilledFailsOneCallAndNothingElse() {
    List<Long> before = children();
    Path file = Fixtures.file("torch-mlp.onnx");
    Opening opening = new Opening(List.of(List.of(6)), List.of("logits"), 1);
    try (ForeignModel model = models.open(file, opening)) {
      ProcessHandle.current()
          .children()
          .filter(child -> !before.contains(child.pid()))
          .forEach(ProcessHandle::destroyForcibly);
      assertThatThrownBy(
              () ->
                  model.run(
                      List.of(Fixtures.direct(new float[6])),
                      1,
                      List.of(Fixtures.direct(new float[3]))))
          .isInstanceOfSatisfying(
              RetortException.class, e -> assertThat(e.code()).isEqualTo("model_crashed"));
    }
    assertThat(models.inspect(file).parameters()).isEqualTo(163);
  }

  private static List<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello, world | unsupported_model_format",
        "PK | unsupported_model_format",
        "\\x80\\x04pickle | unsupported_model_format"
      })
  void refusesWhatIsNoModel(String content, String code) throws IOException {
    String bytes = content.strip().replace("\\x80", "\u0080").replace("\\x04", "\u0004");
    Path file = write("no.bin", bytes.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Formats.reader(file))
        .isInstanceOfSatisfying(RetortException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CBM1 catboost | CatBoost",
        "tree~version=v4 | onnxmltools",
        "{'learner': 1} | onnxmltools",
        "\\x10\\x01000000{'0.bias': {}} | safetensors",
        "\\x1f\\x8bxyz | unpack it"
      })
  void saysWhatToDoWithFilesThatPeopleTakeForModels(String content, String hint)
      throws IOException {
    String bytes =
        content
            .strip()
            .replace('~', '\n')
            .replace('\'', '"')
            .replace("\\x1f\\x8b", "\u001f\u008b")
            .replace("\\x10\\x01000000", "\u0010\u0001\0\0\0\0\0\0");
    Path file = write("no.bin", bytes.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Formats.reader(file))
        .isInstanceOfSatisfying(
            RetortException.class, e -> assertThat(e.code()).isEqualTo("unsupported_model_format"))
        .hasMessageContaining(hint.strip());
  }

  private static void refused(Path file, String code) {
    assertThatThrownBy(() -> Formats.reader(file).inspect(file))
        .isInstanceOfSatisfying(
            RetortException.class,
            e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code.strip()));
  }

  private void refusedInAProcess(Path file, String code) {
    assertThatThrownBy(() -> models.inspect(file))
        .isInstanceOfSatisfying(
            RetortException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  private static Map<String, byte[]> real() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(CONFIGURATION, configuration.getBytes(StandardCharsets.UTF_8));
    entries.put(COEFFICIENTS, coefficients);
    return entries;
  }

  private static Path zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey()));
        zip.write(e.getValue());
        zip.closeEntry();
      }
    }
    return write("made.zip", bytes.toByteArray());
  }

  private static Path write(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private static NodeProto node(String type, String... tensors) {
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(type);
    for (int i = 0; i < tensors.length - 1; i++) {
      node.addInput(tensors[i]);
    }
    return node.addOutput(tensors[tensors.length - 1]).build();
  }

  private static Path onnx(GraphProto.Builder graph) throws IOException {
    TypeProto floats =
        TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder().setElemType(1)).build();
    graph
        .setName("g")
        .addInput(ValueInfoProto.newBuilder().setName("x").setType(matrix()))
        .addOutput(ValueInfoProto.newBuilder().setName("y").setType(floats));
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .setGraph(graph)
            .build();
    return write("made.onnx", model.toByteArray());
  }

  private static TypeProto matrix() {
    var side = onnx.Onnx.TensorShapeProto.Dimension.newBuilder();
    var shape =
        onnx.Onnx.TensorShapeProto.newBuilder()
            .addDim(side.clone().setDimParam("n"))
            .addDim(side.clone().setDimValue(3));
    return TypeProto.newBuilder()
        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape))
        .build();
  }
}
