package io.retort.plan;

import java.util.List;

/** What a plan runs as one: it reads some variables and computes others. */
sealed interface PlanStep permits Operation, FusedOperations, PlanStep.View {

  List<String> inputs();

  List<String> outputs();

  /** A variable's numbers under another name and in another shape. */
  record View(String of, String as, long[] shape) implements PlanStep {

    @Override
    public List<String> inputs() {
      return List.of(of);
    }

    @Override
    public List<String> outputs() {
      return List.of(as);
    }
  }
}
