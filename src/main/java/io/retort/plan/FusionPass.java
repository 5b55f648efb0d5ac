package io.retort.plan;

import io.retort.plan.Expression.Kind;
import io.retort.plan.Expression.Runs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A pass over memory while it is put together. */
final class FusionPass {
  /** Numbers of a value at one place of the outer axis, beyond which a pass takes no more. */
  private static final int WIDEST = 4096;

  private final Places places;
  private final Set<Expression> members = new LinkedHashSet<>();
  private int outer;
  private int longest;

  /**
   * Where expressions are, as far as that is known.
   *
   * @param names of the variables whose arrays hold expressions
   * @param available what lies in an array before the pass
   * @param asArrays what operations read, or the caller, and so must lie in one
   * @param wholes what is repeated as a whole, and so must be known before the pass that repeats it
   */
  record Places(
      Map<Expression, String> names,
      Set<Expression> available,
      Set<Expression> asArrays,
      Set<Expression> wholes) {

    Places() {
      this(new HashMap<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    }
  }

  FusionPass(Places places) {
    this.places = places;
  }

  /** What it computes, operands first. */
  Set<Expression> members() {
    return members;
  }

  /** Takes an expression in where that is possible. */
  boolean takes(Expression x) {
    boolean ready = x.kind() == Kind.REPEAT ? isRepeatable(x) : x.in().stream().allMatch(this::has);
    if (!ready) {
      return false;
    }
    int joint = joint(x);
    int length = Math.max(longest, longest(x));
    if (!members.isEmpty() && length / joint > WIDEST) {
      return false;
    }
    add(x);
    return true;
  }

  private void add(Expression x) {
    outer = joint(x);
    longest = Math.max(longest, longest(x));
    members.add(x);
  }

  /** The outer axis of a pass with one more member. */
  private int joint(Expression x) {
    int joint = gcd(divisor(x), outer);
    for (Expression operand : x.in()) {
      if (x.kind() != Kind.REPEAT && operand.kind() != Kind.CONSTANT) {
        joint = gcd(isInlined(operand) ? divisor(operand) : operand.length(), joint);
      }
    }
    return joint;
  }

  private static int longest(Expression x) {
    return Math.max(x.length(), x.in().stream().mapToInt(Expression::length).max().orElse(0));
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private boolean isInlined(Expression x) {
    return x.kind() == Kind.REPEAT && !places.asArrays().contains(x);
  }

  private boolean has(Expression operand) {
    return operand.kind() == Kind.CONSTANT
        || places.available().contains(operand)
        || (members.contains(operand) && !FusedOperations.isWholeSum(operand))
        || (isInlined(operand) && isRepeatable(operand));
  }

  private boolean isRepeatable(Expression x) {
    Expression source = x.first();
    return source.kind() == Kind.CONSTANT
        || places.available().contains(source)
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
   * Gives back what nobody in this pass reads, if it can be computed in a later one from what lies
   * in arrays anyway: computing is cheaper than writing and reading again.
   *
   * @param all whether that may be everything; else all of it stays then
   */
  List<Expression> postponed(boolean all) {
    List<Expression> back = new ArrayList<>();
    List<Expression> latestFirst = new ArrayList<>(members);
    Collections.reverse(latestFirst);
    Set<Expression> read = new HashSet<>(places.asArrays());
    for (Expression member : latestFirst) {
      boolean unread =
          !read.contains(member) && !places.wholes().contains(member) && member.kind() != Kind.SUM;
      if (unread && member.in().stream().allMatch(this::isAtHand)) {
        back.add(0, member);
      } else {
        member.in().forEach(operand -> mark(operand, read));
      }
    }
    if (!all && back.size() == latestFirst.size()) {
      back.clear();
    }
    members.clear();
    outer = 0;
    longest = 0;
    Collections.reverse(latestFirst);
    latestFirst.stream().filter(member -> !back.contains(member)).forEach(this::add);
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
        || places.available().contains(operand)
        || places.asArrays().contains(operand)
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
    if (x.kind() == Kind.REPEAT && !places.asArrays().contains(x)) {
      read(x.first(), read);
    } else {
      read.add(x);
    }
  }

  FusedOperations fused(Set<Expression> readByOthers) {
    Map<Expression, String> stored = new LinkedHashMap<>();
    for (Expression member : members) {
      if (readByOthers.contains(member)) {
        stored.put(member, Objects.requireNonNull(places.names().get(member)));
      }
    }
    Map<Expression, String> loaded = new LinkedHashMap<>();
    read().forEach(x -> loaded.put(x, Objects.requireNonNull(places.names().get(x))));
    return new FusedOperations(outer, List.copyOf(members), stored, loaded);
  }
}
