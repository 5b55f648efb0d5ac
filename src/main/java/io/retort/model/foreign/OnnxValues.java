package io.retort.model.foreign;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Floats to what an ONNX model takes, and what it gives to floats. */
final class OnnxValues {

  private OnnxValues() {}

  /** Element types that a row of features can be turned into. */
  static boolean canFeed(OnnxJavaType type) {
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16, INT64, INT32 -> true;
      default -> false;
    };
  }

  static boolean isFloating(OnnxJavaType type) {
    return type == OnnxJavaType.FLOAT
        || type == OnnxJavaType.DOUBLE
        || type == OnnxJavaType.FLOAT16;
  }

  static String name(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> "float32";
      case DOUBLE -> "float64";
      default -> type.name().toLowerCase(Locale.ROOT);
    };
  }

  static OnnxTensor tensor(
      OrtEnvironment environment, OnnxJavaType type, FloatBuffer values, long[] shape)
      throws OrtException {
    int count = 1;
    for (long side : shape) {
      count = Math.multiplyExact(count, Math.toIntExact(side));
    }
    FloatBuffer from = values.duplicate().position(0).limit(count);
    return switch (type) {
      case FLOAT -> OnnxTensor.createTensor(environment, from, shape);
      case DOUBLE -> {
        DoubleBuffer to = direct(count, Double.BYTES).asDoubleBuffer();
        for (int i = 0; i < count; i++) {
          to.put(i, from.get(i));
        }
        yield OnnxTensor.createTensor(environment, to, shape);
      }
      case FLOAT16 -> {
        ByteBuffer to = direct(count, Short.BYTES);
        for (int i = 0; i < count; i++) {
          to.putShort(i * Short.BYTES, Fp16Conversions.floatToFp16(from.get(i)));
        }
        yield OnnxTensor.createTensor(environment, to, shape, OnnxJavaType.FLOAT16);
      }
      case INT64 -> {
        LongBuffer to = direct(count, Long.BYTES).asLongBuffer();
        for (int i = 0; i < count; i++) {
          to.put(i, whole(from.get(i)));
        }
        yield OnnxTensor.createTensor(environment, to, shape);
      }
      case INT32 -> {
        IntBuffer to = direct(count, Integer.BYTES).asIntBuffer();
        for (int i = 0; i < count; i++) {
          to.put(i, Math.toIntExact(whole(from.get(i))));
        }
        yield OnnxTensor.createTensor(environment, to, shape);
      }
      default -> throw new AssertionError("inspection refuses inputs of type " + type);
    };
  }

  private static long whole(float value) {
    if (value != Math.rint(value)) {
      throw new ForeignModelException(
          "dtype_mismatch",
          "The model takes whole numbers, but a feature of the dataset is " + value + ".");
    }
    return (long) value;
  }

  private static ByteBuffer direct(int count, int bytes) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, bytes))
        .order(ByteOrder.nativeOrder());
  }

  /** Numbers of one output, row by row. */
  static FloatBuffer floats(OnnxValue value) throws OrtException {
    if (value instanceof OnnxSequence sequence) {
      return ofMaps(sequence);
    }
    OnnxTensor tensor = (OnnxTensor) value;
    return switch (tensor.getInfo().type) {
      case FLOAT, FLOAT16 -> tensor.getFloatBuffer();
      case DOUBLE -> {
        DoubleBuffer from = tensor.getDoubleBuffer();
        FloatBuffer to = FloatBuffer.allocate(from.remaining());
        while (from.hasRemaining()) {
          to.put((float) from.get());
        }
        yield to.flip();
      }
      default ->
          throw ForeignModelException.unsupported(
              "An output of type " + tensor.getInfo().type + " gives no logits.");
    };
  }

  /** scikit-learn's list of maps: one map a row, from class to probability. */
  private static FloatBuffer ofMaps(OnnxSequence sequence) throws OrtException {
    List<? extends OnnxValue> rows = sequence.getValue();
    List<Float> numbers = new ArrayList<>();
    for (OnnxValue row : rows) {
      try (row) {
        Map<?, ?> map = ((OnnxMap) row).getValue();
        map.entrySet().stream()
            .sorted(Comparator.comparing(e -> Key.of(e.getKey())))
            .forEach(e -> numbers.add(((Number) e.getValue()).floatValue()));
      }
    }
    FloatBuffer all = FloatBuffer.allocate(numbers.size());
    numbers.forEach(all::put);
    return all.flip();
  }

  /** Classes in a map are in no order: numbers by size, then names by alphabet. */
  record Key(long number, String name) implements Comparable<Key> {
    static Key of(Object key) {
      return key instanceof Long number ? new Key(number, "") : new Key(0, String.valueOf(key));
    }

    @Override
    public int compareTo(Key other) {
      int byNumber = Long.compare(number, other.number);
      return byNumber != 0 ? byNumber : name.compareTo(other.name);
    }
  }
}
