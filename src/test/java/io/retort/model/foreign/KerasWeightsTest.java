package io.retort.model.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class KerasWeightsTest {

  private static final KerasWeight KERNEL =
      new KerasWeight(new int[] {1, 1, 2, 1}, new float[] {3, 4});

  /** Keras 2 names a depthwise kernel otherwise, and its files flatten models within models. */
  @Test
  void aKernelOfEitherNameIsFoundInAModelWithinAModel() {
    JsonNode layer = JsonMapper.shared().readTree("{\"name\": \"outer/inner/depth\"}");

    for (String name : new String[] {"kernel", "depthwise_kernel"}) {
      KerasWeights weights = new KerasWeights(Map.of("outer/depth", Map.of(name, KERNEL)));
      assertThat(weights.either(layer, "kernel", "depthwise_kernel", 0, 4)).isSameAs(KERNEL);
    }
  }
}
