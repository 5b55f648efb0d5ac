package io.retort.model.foreign;

import io.jhdf.api.Dataset;
import java.util.Set;

/** One array of a layer, row-major. */
record KerasWeight(int[] shape, float[] values) {

  private static final Set<Class<?>> WHOLE =
      Set.of(int.class, long.class, Integer.class, Long.class);

  /** Whether it counts something, such as the rows that a normalisation has seen. */
  static boolean counts(Dataset data) {
    return WHOLE.contains(data.getJavaType());
  }

  static KerasWeight of(Dataset data) {
    Object flat = data.getDataFlat();
    if (flat instanceof float[] floats) {
      return new KerasWeight(data.getDimensions(), floats);
    }
    if (flat instanceof double[] doubles) {
      float[] floats = new float[doubles.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) doubles[i];
      }
      return new KerasWeight(data.getDimensions(), floats);
    }
    throw ForeignModelException.unsupported(
        "The weights %s are no float32 or float64.".formatted(Names.shown(data.getName())));
  }
}
