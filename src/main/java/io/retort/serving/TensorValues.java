package io.retort.serving;

import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * Numbers of a tensor, flat or nested in whatever way: their order is the same. They are read
 * straight into an array, as a tree of millions of nodes would take ten times the memory.
 *
 * @param whole whether all of them were written without a fraction
 */
record TensorValues(float[] values, boolean whole) {

  static final class Reader extends StdDeserializer<TensorValues> {

    private static final int FIRST = 256;

    Reader() {
      super(TensorValues.class);
    }

    @Override
    public TensorValues deserialize(JsonParser in, DeserializationContext context) {
      float[] values = new float[FIRST];
      int count = 0;
      int depth = 0;
      boolean whole = true;
      JsonToken token = in.currentToken();
      while (true) {
        if (token == JsonToken.START_ARRAY) {
          depth++;
        } else if (token == JsonToken.END_ARRAY) {
          depth--;
        } else if (token != null && token.isNumeric()) {
          if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
          }
          whole &= token == JsonToken.VALUE_NUMBER_INT;
          values[count++] = (float) in.getDoubleValue();
        } else {
          return context.reportInputMismatch(this, "holds something that is no number");
        }
        if (depth == 0) {
          return new TensorValues(Arrays.copyOf(values, count), whole);
        }
        token = in.nextToken();
      }
    }
  }
}
