package io.retort.training;

import io.retort.spec.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint in bytes, big-endian: magic, identity, numbers (as their bits), epochs, vectors, and
 * the SHA-256 of all of it at the end.
 */
final class CheckpointFormat {

  private static final int MAGIC = 0x52544332; // RTC2
  private static final int HASH_BYTES = 32;

  private CheckpointFormat() {}

  /** The bytes, in pieces to be written one after the other. */
  static List<ByteBuffer> write(Checkpoint checkpoint, String identity) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    out.writeUTF(identity);
    write(out, checkpoint.numbers());
    out.writeInt(checkpoint.history().size());
    for (EpochMetrics m : checkpoint.history()) {
      out.writeInt(m.epoch());
      out.writeLong(m.step());
      out.writeDouble(m.loss());
      out.writeDouble(m.distillationLoss());
      out.writeDouble(m.studentLoss());
      out.writeDouble(m.validationLoss());
      out.writeDouble(m.validationAccuracy());
      out.writeDouble(m.learningRate());
      write(out, m.terms());
    }
    out.writeInt(checkpoint.vectors().size());
    List<ByteBuffer> parts = new ArrayList<>();
    for (Map.Entry<String, float[]> vector : checkpoint.vectors().entrySet()) {
      out.writeUTF(vector.getKey());
      out.writeInt(vector.getValue().length);
      parts.add(ByteBuffer.wrap(bytes.toByteArray()));
      bytes.reset();
      ByteBuffer floats = ByteBuffer.allocate(Math.multiplyExact(vector.getValue().length, 4));
      floats.asFloatBuffer().put(vector.getValue());
      parts.add(floats);
    }
    parts.add(ByteBuffer.wrap(bytes.toByteArray()));
    MessageDigest digest = Sha256.digest();
    parts.forEach(part -> digest.update(part.duplicate()));
    parts.add(ByteBuffer.wrap(digest.digest()));
    return parts;
  }

  private static void write(DataOutputStream out, Map<String, Double> numbers) throws IOException {
    out.writeInt(numbers.size());
    for (Map.Entry<String, Double> number : numbers.entrySet()) {
      out.writeUTF(number.getKey());
      out.writeDouble(number.getValue());
    }
  }

  private static Map<String, Double> numbers(DataInputStream in) throws IOException {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      numbers.put(in.readUTF(), in.readDouble());
    }
    return numbers;
  }

  /**
   * @return null where it belongs to another training
   * @throws IOException where the bytes are not what was written
   */
  static @Nullable Checkpoint read(byte[] file, String identity) throws IOException {
    int length = file.length - HASH_BYTES;
    if (length < 0) {
      throw new IOException("too short for a checkpoint");
    }
    MessageDigest digest = Sha256.digest();
    digest.update(file, 0, length);
    if (!ByteBuffer.wrap(file, length, HASH_BYTES).equals(ByteBuffer.wrap(digest.digest()))) {
      throw new IOException("the content is not what was written");
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(file, 0, length));
    if (in.readInt() != MAGIC || !in.readUTF().equals(identity)) {
      return null;
    }
    Map<String, Double> numbers = numbers(in);
    List<EpochMetrics> history = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      history.add(
          new EpochMetrics(
              in.readInt(),
              in.readLong(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              numbers(in)));
    }
    Map<String, float[]> vectors = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readUTF();
      float[] vector = new float[in.readInt()];
      ByteBuffer.wrap(in.readNBytes(vector.length * Float.BYTES)).asFloatBuffer().get(vector);
      vectors.put(name, vector);
    }
    return new Checkpoint(vectors, numbers, history);
  }
}
