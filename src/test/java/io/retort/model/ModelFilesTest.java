package io.retort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.retort.spec.Architecture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {

  private static final TrainedModel MODEL =
      new TrainedModel(
          new ModelDefinition(
              new Architecture.Logistic(),
              List.of(2),
              List.of("no", "yes"),
              new FeatureScaling(List.of(1f, 2f), List.of(0.5f, 1f))),
          new float[] {1, -2, 3.5f, 0, 1e-9f, 7});

  @TempDir Path directory;
  Path file;

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("model.zip");
    ModelFiles.write(MODEL, new byte[] {1, 2, 3}, Map.of("role", "student"), file);
  }

  private TrainedModel read() throws IOException {
    return ModelFiles.read(file, d -> 6);
  }

  @Test
  void readsWhatItWrote() throws IOException {
    TrainedModel model = read();
    assertThat(model.definition()).isEqualTo(MODEL.definition());
    assertThat(model.parameters()).isEqualTo(MODEL.parameters());
  }

  @Test
  void theSameModelGivesTheSameBytes() throws IOException {
    Path again = directory.resolve("again.zip");
    ModelFiles.write(MODEL, new byte[] {1, 2, 3}, Map.of("role", "student"), again);
    assertThat(again).hasSameBinaryContentAs(file);
  }

  @Test
  void refusesWhatIsNoModel() throws IOException {
    Files.writeString(file, "hello");
    assertRefused("unsupported_model_format", "student.zip or teacher.zip");
    Files.write(file, new byte[0]);
    assertRefused("unsupported_model_format", "student.zip");
    pack(Map.of("readme.txt", bytes("x")));
    assertRefused("unsupported_model_format", "student.zip");
    pack(Map.of("../retort.json", bytes("{}")));
    assertRefused("unsupported_model_format", "student.zip");
  }

  @Test
  void refusesFilesThatEndTooEarly() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {10, 200, whole.length / 2}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(this::read).isInstanceOf(ModelException.class);
    }
  }

  @Test
  void refusesTwoEntriesOfOneName() throws IOException {
    Map<String, byte[]> entries = entries();
    entries.put("retort.jsoN", entries.get("retort.json"));
    pack(entries);
    byte[] zip = Files.readAllBytes(file);
    String text =
        new String(zip, StandardCharsets.ISO_8859_1).replace("retort.jsoN", "retort.json");
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    assertRefused("damaged_model", "two entries of one name");
  }

  @Test
  void refusesDescriptionsThatMakeNoSense() throws IOException {
    damaged("\"formatVersion\":1", "\"formatVersion\":2", "format version");
    damaged("\"formatVersion\":1", "\"formatVersion\":1,\"formatVersion\":1", "cannot be read");
    damaged("\"formatVersion\":1", "\"formatVersion\":1,\"more\":1", "cannot be read");
    damaged("\"logistic\"", "\"java.lang.Runtime\"", "cannot be read");
    damaged("{\"type\":\"logistic\"}", "null", "no architecture");
    damaged(
        "{\"type\":\"logistic\"}",
        "{\"type\":\"mlp\",\"hidden\":[99999999]}",
        "architecture/hidden");
    damaged("\"inputShape\":[2]", "\"inputShape\":[]", "dimensions");
    damaged("\"inputShape\":[2]", "\"inputShape\":[65536,65536]", "out of range");
    damaged("\"inputShape\":[2]", "\"inputShape\":[-2]", "out of range");
    damaged("\"inputShape\":[2]", "\"inputShape\":[null]", "cannot be read");
    damaged("[\"no\",\"yes\"]", "[\"no\"]", "1 classes");
    damaged("[\"no\",\"yes\"]", "[\"no\",\"no\"]", "not distinct");
    damaged("\"deviation\":[0.5,1.0]", "\"deviation\":[0.5,0]", "scaling");
    damaged("\"deviation\":[0.5,1.0]", "\"deviation\":[0.5]", "cannot be read");
    damaged("\"mean\":[1.0,2.0]", "\"mean\":[1.0,1e60]", "scaling");
    damaged("\"count\":6", "\"count\":7", "parameters");
  }

  @Test
  void refusesNumbersThatAreNotTheModels() throws IOException {
    Map<String, byte[]> entries = entries();
    byte[] numbers = entries.get("parameters.f32").clone();
    entries.put("parameters.f32", Arrays.copyOf(numbers, 20));
    pack(entries);
    assertRefused("damaged_model", "6 parameters");
    numbers[3] ^= 1;
    entries.put("parameters.f32", numbers);
    pack(entries);
    assertRefused("damaged_model", "checksum");
  }

  /** Zeros of which a thousand bytes fit into one; unpacked they would not fit into memory. */
  @Test
  void refusesEntriesThatUnpackToFarMoreThanTheFile() throws IOException {
    for (String name : List.of("parameters.f32", "model.fb")) {
      ModelFiles.write(MODEL, new byte[0], Map.of(), file);
      Map<String, byte[]> entries = entries();
      entries.put(name, new byte[1 << 20]);
      pack(entries);
      assertRefused("damaged_model", name + " is larger than any model may be");
    }
  }

  @Test
  void refusesNumbersThatAreNotFinite() throws IOException {
    TrainedModel bad = new TrainedModel(MODEL.definition(), new float[] {1, 2, Float.NaN, 4, 5, 6});
    ModelFiles.write(bad, new byte[0], Map.of(), file);
    assertRefused("damaged_model", "parameter 2 is not finite");
  }

  /** Whatever single bytes are changed to, reading ends with a model or a refusal. */
  @Test
  void survivesChangedBytes() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 500; i++) {
      byte[] changed = whole.clone();
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      Files.write(file, changed);
      try {
        read();
      } catch (ModelException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private void damaged(String from, String to, String message) throws IOException {
    ModelFiles.write(MODEL, new byte[] {1}, Map.of(), file);
    Map<String, byte[]> entries = entries();
    String json = new String(entries.get("retort.json"), StandardCharsets.UTF_8);
    assertThat(json).contains(from);
    entries.put("retort.json", bytes(json.replace(from, to)));
    pack(entries);
    assertRefused("damaged_model", message);
  }

  private void assertRefused(String code, String message) {
    assertThatThrownBy(this::read)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message)
        .extracting("code")
        .isEqualTo(code);
  }

  private Map<String, byte[]> entries() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in =
        new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      for (ZipEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        entries.put(e.getName(), in.readAllBytes());
      }
    }
    return entries;
  }

  private void pack(Map<String, byte[]> entries) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(e.getKey()));
        out.write(e.getValue());
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
