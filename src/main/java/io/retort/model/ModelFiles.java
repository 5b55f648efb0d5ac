package io.retort.model;

import io.retort.spec.Sha256;
import io.retort.spec.SpecReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Model files: a zip of {@code retort.json} (everything but the numbers), {@code parameters.f32}
 * (the numbers, little-endian) and {@code model.fb} (the same model as a SameDiff file, for
 * others).
 */
public final class ModelFiles {

  static final String DESCRIPTION = "retort.json";
  static final String PARAMETERS = "parameters.f32";
  static final String SAME_DIFF = "model.fb";

  /** Its number is raised when the engine computes other numbers from the same model. */
  private static final String FINGERPRINT = "retort model 2\n";

  /** The earliest a zip can say: the same model gives the same bytes. */
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private ModelFiles() {}

  /**
   * Writes a model file; the same arguments give the same bytes.
   *
   * @param sameDiff the model as SameDiff's FlatBuffers
   * @param provenance JSON-compatible facts by name
   */
  public static void write(
      TrainedModel model, byte[] sameDiff, Map<String, Object> provenance, Path zip)
      throws IOException {
    byte[] numbers = bytes(model.parameters());
    ModelDescription description =
        new ModelDescription(
            ModelDescription.VERSION,
            model.definition(),
            new ModelDescription.Parameters(model.parameters().length, Sha256.of(numbers)),
            new TreeMap<>(provenance));
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(zip));
        ZipOutputStream out = new ZipOutputStream(file)) {
      // stored, not deflated: trained numbers do not compress
      out.setMethod(ZipOutputStream.STORED);
      add(out, DESCRIPTION, SpecReader.mapper().writeValueAsBytes(description));
      add(out, PARAMETERS, numbers);
      add(out, SAME_DIFF, sameDiff);
    }
  }

  /**
   * What the numbers of a model depend on, as a SHA-256 in hex: its definition and its parameters,
   * whatever file they came in.
   */
  public static String fingerprint(TrainedModel model) {
    byte[] definition = SpecReader.mapper().writeValueAsBytes(model.definition());
    return Sha256.of(FINGERPRINT + Sha256.of(definition) + Sha256.of(bytes(model.parameters())));
  }

  private static void add(ZipOutputStream out, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(content);
    entry.setTimeLocal(EPOCH);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }

  /** Whether a file is meant to be one of these, whole or not; another is some other format. */
  public static boolean isOne(Path file) throws IOException {
    return ModelArchive.looksLikeOne(file);
  }

  /**
   * Reads a model file that anybody may have written. The SameDiff entry is not looked at: the
   * network is rebuilt from its description.
   *
   * @param parameterCount how many parameters a definition has; must refuse what cannot be built
   * @throws ModelException where the file is not a model of Retort's, or damaged
   */
  public static TrainedModel read(Path zip, ParameterCount parameterCount) throws IOException {
    Map<String, byte[]> entries = ModelArchive.read(zip);
    ModelDescription description = DescriptionReader.read(entry(entries, DESCRIPTION));
    byte[] numbers = entry(entries, PARAMETERS);
    long expected = parameterCount.of(description.model());
    if (description.parameters().count() != expected || numbers.length != expected * Float.BYTES) {
      throw ModelException.damaged(
          "its architecture has %,d parameters, but it holds %,d bytes of them"
              .formatted(expected, numbers.length));
    }
    if (!Sha256.of(numbers).equals(description.parameters().sha256())) {
      throw ModelException.damaged("the parameters' checksum differs");
    }
    return new TrainedModel(description.model(), finite(numbers));
  }

  /** Counts the parameters of a definition. */
  @FunctionalInterface
  public interface ParameterCount {
    long of(ModelDefinition definition);
  }

  private static byte[] entry(Map<String, byte[]> entries, String name) {
    byte @Nullable [] content = entries.get(name);
    if (content == null) {
      throw ModelException.notAModel();
    }
    return content;
  }

  private static float[] finite(byte[] numbers) {
    FloatBuffer floats = ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] parameters = new float[floats.remaining()];
    floats.get(parameters);
    for (int i = 0; i < parameters.length; i++) {
      if (!Float.isFinite(parameters[i])) {
        throw ModelException.damaged("parameter " + i + " is not finite");
      }
    }
    return parameters;
  }

  private static byte[] bytes(float[] parameters) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(parameters.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(parameters);
    return bytes.array();
  }
}
