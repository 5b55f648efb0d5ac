package io.retort.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressPlanTest {

  @Test
  void stagesFollowOneAnotherByWeightAndNeverFallBack() {
    List<Double> seen = new ArrayList<>();
    ProgressPlan plan = new ProgressPlan(10, seen::add);
    var first = plan.next(5);
    first.accept(0.5);
    first.accept(7);
    var second = plan.next(3);
    second.accept(1);
    assertThat(seen).containsExactly(0.0, 0.25, 0.5, 0.5, 0.8).isSorted();
  }
}
