package io.retort.plan;

import io.retort.plan.Expression.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Rewrites the operations of a plan into fewer: what {@link Lowering} knows as expressions is
 * simplified and computed in as few passes over memory as its dependencies allow. What nobody needs
 * drops out.
 */
final class Fusion {

  private final Lowering lowering;
  private final Map<String, long[]> shapes;
  private final Set<String> wanted;
  private final Set<String> given;

  /** Operations that stay what they are, in their order; first all of them, then those needed. */
  private final List<Operation> operations = new ArrayList<>();

  private final Map<String, Operation> producers = new HashMap<>();
  private final Set<Expression> needed = new HashSet<>();

  private final FusionPass.Places places = new FusionPass.Places();
  private final Set<String> viewed = new HashSet<>();
  private final List<PlanStep> steps = new ArrayList<>();

  /**
   * @param all in an order of dependency
   * @param shapes of all variables
   * @param numbers variables that are one number and never change
   * @param given variables that have arrays from the start
   * @param wanted variables to compute
   */
  Fusion(
      List<Operation> all,
      Map<String, long[]> shapes,
      Map<String, Double> numbers,
      Set<String> given,
      Set<String> wanted) {
    this.shapes = shapes;
    this.wanted = wanted;
    this.given = given;
    this.lowering = new Lowering(shapes, numbers);
    List<Operation> left = new ArrayList<>();
    for (Operation operation : new LinearLayers(shapes, given, wanted).joined(all)) {
      if (!lowering.lower(operation)) {
        left.add(operation);
        operation.outputs().forEach(out -> producers.put(out, operation));
      }
    }
    Set<Operation> used = Collections.newSetFromMap(new IdentityHashMap<>());
    wanted.forEach(variable -> need(variable, used));
    left.stream().filter(used::contains).forEach(operations::add);
    name(all);
  }

  private void need(String variable, Set<Operation> used) {
    Expression value = lowering.value(variable);
    if (!given.contains(variable)) {
      places.asArrays().add(value);
    }
    need(value, used);
  }

  private void need(Expression value, Set<Operation> used) {
    if (!needed.add(value)) {
      return;
    }
    if (value.kind() == Kind.VARIABLE) {
      Operation producer = producers.get(value.variable());
      if (producer != null && used.add(producer)) {
        producer.inputs().forEach(input -> need(input, used));
      }
    }
    for (Expression operand : value.in()) {
      if (value.kind() == Kind.REPEAT && operand.kind() == Kind.REPEAT) {
        places.asArrays().add(operand);
      }
      if (value.runs() != null && value.kind() == Kind.REPEAT && value.runs().outer() == 1) {
        places.wholes().add(operand);
      }
      need(operand, used);
    }
  }

  /** The name of what the caller wants goes before others. */
  private void name(List<Operation> all) {
    for (String variable : wanted) {
      places.names().putIfAbsent(lowering.value(variable), variable);
    }
    for (Operation operation : all) {
      for (String variable : operation.outputs()) {
        if (shapes.containsKey(variable)) {
          places.names().putIfAbsent(lowering.value(variable), variable);
        }
      }
    }
    for (Expression value : needed) {
      if (value.kind() == Kind.VARIABLE) {
        places.names().put(value, Objects.requireNonNull(value.variable()));
      } else {
        places
            .names()
            .computeIfAbsent(
                value,
                unnamed -> {
                  String name = "fused" + places.names().size();
                  shapes.put(name, new long[] {unnamed.length()});
                  return name;
                });
      }
    }
  }

  /** Variables of operations that are nothing but a wanted one in another shape, and that one. */
  Map<String, String> sameAsWanted() {
    Map<String, String> same = new HashMap<>();
    for (String variable : wanted) {
      Expression value = lowering.value(variable);
      if (value.kind() == Kind.VARIABLE && producers.containsKey(value.variable())) {
        same.putIfAbsent(Objects.requireNonNull(value.variable()), variable);
      }
    }
    return same;
  }

  long[] shape(String variable) {
    return Objects.requireNonNull(shapes.get(variable), variable);
  }

  /** What to run, in this order. */
  List<PlanStep> steps() {
    for (Expression value : needed) {
      boolean input = value.kind() == Kind.VARIABLE && !producers.containsKey(value.variable());
      if (input) {
        places.available().add(value);
      }
    }
    List<Operation> open = new ArrayList<>(operations);
    List<Expression> waiting = new ArrayList<>();
    for (Expression value : lowering.expressions().all()) {
      boolean inlined =
          (value.kind() == Kind.REPEAT || value.kind() == Kind.CONSTANT)
              && !places.asArrays().contains(value);
      if (needed.contains(value) && value.kind() != Kind.VARIABLE && !inlined) {
        waiting.add(value);
      }
    }
    List<FusionPass> passes = new ArrayList<>();
    List<Object> sequence = new ArrayList<>();
    while (!open.isEmpty() || !waiting.isEmpty()) {
      boolean moved = takeOperations(open, sequence);
      FusionPass pass = nextPass(waiting, moved);
      if (!pass.members().isEmpty()) {
        places.available().addAll(pass.members());
        passes.add(pass);
        sequence.add(pass);
        moved = true;
      }
      if (!moved) {
        throw new IllegalStateException("operations wait for each other: " + open);
      }
    }
    Set<Expression> read = new HashSet<>(places.asArrays());
    passes.forEach(pass -> read.addAll(pass.read()));
    for (Object each : sequence) {
      if (each instanceof Operation operation) {
        operation.inputs().forEach(this::view);
        steps.add(operation);
      } else {
        steps.add(((FusionPass) each).fused(read));
      }
    }
    wanted.forEach(this::view);
    return steps;
  }

  /**
   * Takes what a pass can compute, but for what later ones can as well.
   *
   * @param patient whether there may be nothing to compute now
   */
  private FusionPass nextPass(List<Expression> waiting, boolean patient) {
    List<Expression> later = new ArrayList<>();
    while (true) {
      FusionPass pass = new FusionPass(places);
      waiting.removeIf(pass::takes);
      boolean last = pass.members().isEmpty();
      List<Expression> postponed = pass.postponed(true);
      later.addAll(postponed);
      if (last || !pass.members().isEmpty()) {
        waiting.addAll(0, later);
        if (pass.members().isEmpty() && !patient) {
          waiting.removeIf(pass::takes);
          waiting.addAll(0, pass.postponed(false));
        }
        return pass;
      }
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private boolean takeOperations(List<Operation> open, List<Object> sequence) {
    boolean moved = false;
    for (boolean again = true; again; ) {
      again = false;
      for (Operation operation : List.copyOf(open)) {
        if (operation.inputs().stream().allMatch(this::isArray)) {
          open.removeIf(other -> other == operation);
          sequence.add(operation);
          operation.outputs().stream()
              .filter(shapes::containsKey)
              .forEach(out -> places.available().add(lowering.value(out)));
          moved = true;
          again = true;
        }
      }
    }
    return moved;
  }

  private boolean isArray(String variable) {
    return given.contains(variable) || places.available().contains(lowering.value(variable));
  }

  private void view(String variable) {
    String name = places.names().get(lowering.value(variable));
    if (!given.contains(variable) || wanted.contains(variable)) {
      if (!variable.equals(name) && viewed.add(variable)) {
        steps.add(new PlanStep.View(Objects.requireNonNull(name), variable, shape(variable)));
      }
    }
  }
}
