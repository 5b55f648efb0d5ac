package io.retort.training;

import io.retort.training.Expression.Kind;
import io.retort.training.Expression.Runs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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

  /**
   * Numbers of all values at one place of a pass, beyond which a pass takes no more expressions.
   */
  private static final int WIDEST = 4096;

  private final Lowering lowering;
  private final Map<String, long[]> shapes;
  private final Set<String> wanted;
  private final Set<String> given;

  /** Operations that stay what they are, in their order; first all of them, then those needed. */
  private final List<Operation> operations = new ArrayList<>();

  private final Map<String, Operation> producers = new HashMap<>();
  private final Set<Expression> needed = new HashSet<>();

  /** Expressions that lie in an array, by the variable that names it. */
  private final Map<Expression, String> names = new HashMap<>();

  private final Set<Expression> available = new HashSet<>();
  private final Set<Expression> asArrays = new HashSet<>();

  /** What is repeated as a whole, and so must be known before the pass that repeats it. */
  private final Set<Expression> wholes = new HashSet<>();

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
      asArrays.add(value);
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
        asArrays.add(operand);
      }
      if (value.runs() != null && value.kind() == Kind.REPEAT && value.runs().outer() == 1) {
        wholes.add(operand);
      }
      need(operand, used);
    }
  }

  /** The name of what the caller wants goes before others. */
  private void name(List<Operation> all) {
    for (String variable : wanted) {
      names.putIfAbsent(lowering.value(variable), variable);
    }
    for (Operation operation : all) {
      for (String variable : operation.outputs()) {
        if (shapes.containsKey(variable)) {
          names.putIfAbsent(lowering.value(variable), variable);
        }
      }
    }
    for (Expression value : needed) {
      if (value.kind() == Kind.VARIABLE) {
        names.put(value, Objects.requireNonNull(value.variable()));
      } else {
        names.computeIfAbsent(
            value,
            unnamed -> {
              String name = "fused" + names.size();
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
        available.add(value);
      }
    }
    List<Operation> open = new ArrayList<>(operations);
    List<Expression> waiting = new ArrayList<>();
    for (Expression value : lowering.expressions().all()) {
      boolean inlined =
          (value.kind() == Kind.REPEAT || value.kind() == Kind.CONSTANT)
              && !asArrays.contains(value);
      if (needed.contains(value) && value.kind() != Kind.VARIABLE && !inlined) {
        waiting.add(value);
      }
    }
    List<Group> groups = new ArrayList<>();
    List<Object> sequence = new ArrayList<>();
    while (!open.isEmpty() || !waiting.isEmpty()) {
      boolean moved = takeOperations(open, sequence);
      if (!waiting.isEmpty()) {
        Group group = new Group();
        waiting.removeIf(group::takes);
        waiting.addAll(0, group.postponed());
        if (!group.members.isEmpty()) {
          available.addAll(group.members);
          groups.add(group);
          sequence.add(group);
          moved = true;
        }
      }
      if (!moved) {
        throw new IllegalStateException("operations wait for each other: " + open);
      }
    }
    Set<Expression> read = new HashSet<>(asArrays);
    groups.forEach(group -> read.addAll(group.read()));
    for (Object each : sequence) {
      if (each instanceof Operation operation) {
        operation.inputs().forEach(this::view);
        steps.add(operation);
      } else {
        steps.add(((Group) each).fused(read));
      }
    }
    wanted.forEach(this::view);
    return steps;
  }

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
              .forEach(out -> available.add(lowering.value(out)));
          moved = true;
          again = true;
        }
      }
    }
    return moved;
  }

  private boolean isArray(String variable) {
    return given.contains(variable) || available.contains(lowering.value(variable));
  }

  private void view(String variable) {
    String name = names.get(lowering.value(variable));
    if (!given.contains(variable) || wanted.contains(variable)) {
      if (!variable.equals(name) && viewed.add(variable)) {
        steps.add(new PlanStep.View(Objects.requireNonNull(name), variable, shape(variable)));
      }
    }
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private boolean isInlined(Expression x) {
    return x.kind() == Kind.REPEAT && !asArrays.contains(x);
  }

  /** A pass over memory while it is put together. */
  private final class Group {
    private final Set<Expression> members = new LinkedHashSet<>();
    private int outer;
    private int longest;

    /** Takes an expression in where that is possible. */
    boolean takes(Expression x) {
      boolean ready =
          x.kind() == Kind.REPEAT ? isRepeatable(x) : x.in().stream().allMatch(this::has);
      if (!ready) {
        return false;
      }
      int joint = gcd(divisor(x), outer);
      int length = Math.max(longest, x.length());
      for (Expression operand : x.in()) {
        length = Math.max(length, operand.length());
        if (x.kind() != Kind.REPEAT && operand.kind() != Kind.CONSTANT) {
          joint = gcd(isInlined(operand) ? divisor(operand) : operand.length(), joint);
        }
      }
      if (!members.isEmpty() && length / joint > WIDEST) {
        return false;
      }
      outer = joint;
      longest = length;
      members.add(x);
      return true;
    }

    private boolean has(Expression operand) {
      return operand.kind() == Kind.CONSTANT
          || available.contains(operand)
          || (members.contains(operand) && !FusedOperations.isWholeSum(operand))
          || (isInlined(operand) && isRepeatable(operand));
    }

    private boolean isRepeatable(Expression x) {
      Expression source = x.first();
      return source.kind() == Kind.CONSTANT
          || available.contains(source)
          || (runs(x).outer() > 1 && has(source));
    }

    /** What the length of the outer axis must divide. */
    private static int divisor(Expression x) {
      if (x.kind() != Kind.REPEAT && x.kind() != Kind.SUM) {
        return x.length();
      }
      return runs(x).outer() > 1 ? runs(x).outer() : runs(x).times();
    }

    private static Runs runs(Expression x) {
      return Objects.requireNonNull(x.runs());
    }

    /**
     * Gives back what nobody in this pass reads, if it can be computed in a later one from what
     * lies in arrays anyway: computing is cheaper than writing and reading again.
     */
    List<Expression> postponed() {
      List<Expression> back = new ArrayList<>();
      List<Expression> latestFirst = new ArrayList<>(members);
      Collections.reverse(latestFirst);
      Set<Expression> read = new HashSet<>(asArrays);
      for (Expression member : latestFirst) {
        boolean unread =
            !read.contains(member) && !wholes.contains(member) && member.kind() != Kind.SUM;
        if (unread && member.in().stream().allMatch(this::isAtHand)) {
          back.add(0, member);
        } else {
          member.in().forEach(operand -> mark(operand, read));
        }
      }
      if (back.size() == latestFirst.size()) {
        back.clear();
      }
      members.clear();
      Collections.reverse(latestFirst);
      latestFirst.stream().filter(member -> !back.contains(member)).forEach(members::add);
      return back;
    }

    private void mark(Expression operand, Set<Expression> read) {
      read.add(operand);
      if (isInlined(operand)) {
        mark(operand.first(), read);
      }
    }

    private boolean isAtHand(Expression operand) {
      return operand.kind() == Kind.CONSTANT
          || available.contains(operand)
          || asArrays.contains(operand)
          || (isInlined(operand) && isAtHand(operand.first()));
    }

    /** What the pass reads that it does not compute. */
    Collection<Expression> read() {
      Set<Expression> read = new LinkedHashSet<>();
      for (Expression member : members) {
        if (member.kind() == Kind.REPEAT) {
          read(member.first(), read);
        } else {
          member.in().forEach(operand -> read(operand, read));
        }
      }
      return read;
    }

    private void read(Expression x, Set<Expression> read) {
      if (members.contains(x) || x.kind() == Kind.CONSTANT) {
        return;
      }
      if (x.kind() == Kind.REPEAT && !asArrays.contains(x)) {
        read(x.first(), read);
      } else {
        read.add(x);
      }
    }

    FusedOperations fused(Set<Expression> readByOthers) {
      Map<Expression, String> stored = new LinkedHashMap<>();
      for (Expression member : members) {
        if (readByOthers.contains(member)) {
          stored.put(member, Objects.requireNonNull(names.get(member)));
        }
      }
      Map<Expression, String> loaded = new LinkedHashMap<>();
      read().forEach(x -> loaded.put(x, Objects.requireNonNull(names.get(x))));
      return new FusedOperations(outer, List.copyOf(members), stored, loaded);
    }
  }
}
