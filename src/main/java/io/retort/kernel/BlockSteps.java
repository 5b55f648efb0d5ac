package io.retort.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The steps of a {@link BlockProgram} in their order, and where on the heap its values stand. */
final class BlockSteps {

  /** Numbers of a block: a dozen values of it fit the first cache. */
  private static final int BLOCK = 1024;

  private static final int NONE = -1;

  private final List<Integer> sizes = new ArrayList<>();
  private final List<Instruction> before = new ArrayList<>();
  private final List<Instruction> body = new ArrayList<>();
  private final List<Instruction> after = new ArrayList<>();

  /** Values that live through a whole run. */
  private final List<Integer> lasting = new ArrayList<>();

  /** One operation on the block of {@code count} outer indices from {@code first}. */
  interface Step {
    void run(int first, int count);
  }

  /** Gives a step the places of what it reads and writes. */
  interface Binding {
    Step bind(float[][] in, float[] out);
  }

  /** The same for one that only reads, or only writes. */
  interface OneWay<P> {
    Step bind(P places);
  }

  private record Instruction(int[] in, int out, Binding binding) {}

  private int value(int size) {
    sizes.add(size);
    return sizes.size() - 1;
  }

  /** Numbers of a value at one outer index. */
  int size(int value) {
    return sizes.get(value);
  }

  /** For each block, a new value of others. */
  int then(int size, Binding binding, int... in) {
    int out = value(size);
    body.add(new Instruction(in, out, binding));
    return out;
  }

  /** For each block, nothing but an effect. */
  void then(OneWay<float[][]> reader, int... in) {
    body.add(new Instruction(in, NONE, (from, none) -> reader.bind(from)));
  }

  /** Before the first block, a value that stays. */
  int lasting(int size, OneWay<float[]> writer) {
    int out = value(size);
    lasting.add(out);
    before.add(new Instruction(new int[0], out, (none, into) -> writer.bind(into)));
    return out;
  }

  /** After the last block. */
  void afterwards(OneWay<float[][]> reader, int... in) {
    after.add(new Instruction(in, NONE, (from, none) -> reader.bind(from)));
  }

  /** All of them as one kernel that goes along an outer axis of this length. */
  Kernel build(int outer) {
    int widest = sizes.stream().mapToInt(Integer::intValue).max().orElse(1);
    int count = Math.max(1, Math.min(outer, BLOCK / widest));
    Map<Integer, float[]> places = new HashMap<>();
    lasting.forEach(value -> places.put(value, new float[count * sizes.get(value)]));
    Step[] first = bound(before, places, count);
    Step[] each = bound(body, places, count);
    Step[] last = bound(after, places, count);
    return () -> {
      run(first, 0, count);
      for (int from = 0; from < outer; from += count) {
        run(each, from, Math.min(count, outer - from));
      }
      run(last, 0, count);
    };
  }

  private static void run(Step[] steps, int first, int count) {
    for (Step step : steps) {
      step.run(first, count);
    }
  }

  /** Values that are read no more leave their memory to later ones. */
  private Step[] bound(List<Instruction> instructions, Map<Integer, float[]> places, int count) {
    Map<Integer, Integer> lastRead = new HashMap<>();
    for (int i = 0; i < instructions.size(); i++) {
      for (int value : instructions.get(i).in()) {
        lastRead.put(value, i);
      }
    }
    Map<Integer, Deque<float[]>> free = new HashMap<>();
    Step[] steps = new Step[instructions.size()];
    for (int i = 0; i < steps.length; i++) {
      Instruction instruction = instructions.get(i);
      float[][] in = new float[instruction.in().length][];
      for (int k = 0; k < in.length; k++) {
        in[k] = places.get(instruction.in()[k]);
      }
      float[] out = new float[0];
      if (instruction.out() != NONE) {
        int length = count * sizes.get(instruction.out());
        Deque<float[]> left = free.computeIfAbsent(length, l -> new ArrayDeque<>());
        out =
            places.computeIfAbsent(
                instruction.out(), v -> left.isEmpty() ? new float[length] : left.pop());
      }
      steps[i] = instruction.binding().bind(in, out);
      for (int value : instruction.in()) {
        // taken out of the map, so that a value that is read twice is left once
        if (lastRead.remove(value, i) && !lasting.contains(value)) {
          float[] place = Objects.requireNonNull(places.get(value));
          free.computeIfAbsent(place.length, l -> new ArrayDeque<>()).push(place);
        }
      }
    }
    return steps;
  }
}
