package io.retort.model.foreign;

import io.retort.model.ModelFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Tells a model file's format by its content; its name says nothing. */
final class Formats {

  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int WORD = 8;
  private static final int MAX_ENTRIES = 10_000;

  private Formats() {}

  static FormatReader reader(Path file) throws IOException {
    return switch (of(file)) {
      case ONNX -> new OnnxReader();
      case DL4J -> new Dl4jReader();
      case SAMEDIFF -> new SameDiffReader();
      case KERAS_H5 -> new KerasReader(ModelFormat.KERAS_H5);
      case KERAS -> new KerasReader(ModelFormat.KERAS);
      case RETORT -> throw new AssertionError("the service reads its own models itself");
    };
  }

  static ModelFormat of(Path file) throws IOException {
    byte[] head = head(file);
    if (startsWith(head, new byte[] {'P', 'K', 3, 4})) {
      return zip(file);
    }
    if (startsWith(head, HDF5)) {
      return ModelFormat.KERAS_H5;
    }
    if (head.length > 1 && (head[0] & 0xff) == 0x80 && head[1] <= 5) {
      throw unknown(" It looks like a Python pickle, which can run code; export it to ONNX.");
    }
    String hint = hint(head);
    if (!hint.isEmpty()) {
      throw unknown(hint);
    }
    if (OnnxFile.looksLikeOne(Arrays.copyOf(head, Math.min(head.length, WORD)))) {
      return ModelFormat.ONNX;
    }
    // FlatBuffers begin with the offset of their root table, a small number
    if (head.length >= WORD && head[2] == 0 && head[3] == 0 && (head[0] & 3) == 0) {
      return ModelFormat.SAMEDIFF;
    }
    throw unknown("");
  }

  /** What to do with files that people take for whole models, or have no other of. */
  private static String hint(byte[] head) {
    // the length of a JSON header before it, in eight bytes
    if (head.length > WORD
        && Arrays.equals(head, WORD / 2, WORD, new byte[WORD / 2], 0, WORD / 2)
        && head[WORD] == '{') {
      return " It looks like safetensors, which hold weights and no network; export the whole model"
          + " to ONNX.";
    }
    if (startsWith(head, new byte[] {'C', 'B', 'M', '1'})) {
      return " It looks like CatBoost's own format; use save_model(path, format=\"onnx\").";
    }
    if (startsWith(head, new byte[] {0x1f, (byte) 0x8b})) {
      return " It is gzipped; unpack it.";
    }
    String start = new String(head, StandardCharsets.ISO_8859_1);
    if (start.startsWith("tree\nversion") || start.startsWith("{")) {
      return " It looks like a tree library's own format; export the model to ONNX, as with"
          + " onnxmltools.";
    }
    return "";
  }

  private static ModelFormat zip(Path file) throws IOException {
    Set<String> names;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.size() > MAX_ENTRIES) {
        throw ForeignModelException.damaged("its zip has %,d entries".formatted(zip.size()));
      }
      names = zip.stream().map(e -> e.getName()).collect(Collectors.toCollection(TreeSet::new));
    } catch (ZipException | IllegalArgumentException e) {
      throw ForeignModelException.damaged("it ends too early or its zip structure is broken");
    }
    if (names.contains("configuration.json")) {
      return ModelFormat.DL4J;
    }
    if (names.contains("config.json") && names.contains("model.weights.h5")) {
      return ModelFormat.KERAS;
    }
    if (names.stream().anyMatch(n -> n.endsWith("data.pkl"))) {
      throw unknown(" It looks like a PyTorch checkpoint; export it with torch.onnx.export.");
    }
    if (names.stream().anyMatch(n -> n.endsWith("archive_format"))) {
      throw unknown(
          " It looks like a program of torch.export; export it with torch.onnx.export instead.");
    }
    throw unknown("");
  }

  private static byte[] head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(2 * WORD);
    }
  }

  private static boolean startsWith(byte[] head, byte[] magic) {
    return head.length >= magic.length
        && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }

  private static ForeignModelException unknown(String hint) {
    return new ForeignModelException(
        "unsupported_model_format",
        "The file is no model that can be read; ONNX, Keras, DL4J and SameDiff files and the student.zip or teacher.zip of a"
            + " job can."
            + hint);
  }
}
