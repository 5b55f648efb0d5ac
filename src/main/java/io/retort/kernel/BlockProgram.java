package io.retort.kernel;

import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Many elementwise operations, sums and repetitions as one kernel: it walks over its arrays in
 * blocks that stay in the processor's first cache, and runs every operation over a block before it
 * goes on to the next. What lies between the operations is never written to memory.
 *
 * <p>All arrays have the same outer axis, along which they are cut into blocks, and numbers of
 * their own behind it; or they are whole: the same for every block. Values are named by the numbers
 * that the builder's methods return.
 */
public final class BlockProgram {

  /** Numbers of a block: a dozen values of it fit the first cache. */
  private static final int BLOCK = 1024;

  private final int outer;
  private final List<Integer> sizes = new ArrayList<>();
  private final List<Instruction> before = new ArrayList<>();
  private final List<Instruction> body = new ArrayList<>();
  private final List<Instruction> after = new ArrayList<>();

  /** Values that live through a whole run. */
  private final List<Integer> lasting = new ArrayList<>();

  /** A function of one number. */
  public enum Function {
    ROOT(Loops::root),
    ABSOLUTE(Loops::absolute),
    RELU(Loops::relu),
    SIGN(Loops::sign),
    /** 1 above 0, 0 elsewhere; exact but for numbers below the normal ones. */
    IS_POSITIVE(Loops::isPositive),
    UNIT_CLIP(Loops::unitClip),
    RECIPROCAL(Loops::reciprocal);

    private final Loop1 loop;

    Function(Loop1 loop) {
      this.loop = loop;
    }
  }

  /** A function of two numbers. */
  public enum Pair {
    ADD(Loops::add),
    SUBTRACT(Loops::subtract),
    MULTIPLY(Loops::multiply),
    DIVIDE(Loops::divide),
    MAXIMUM(Loops::maximum),
    MINIMUM(Loops::minimum);

    private final Loop2 loop;

    Pair(Loop2 loop) {
      this.loop = loop;
    }
  }

  private interface Loop1 {
    void run(float[] x, float[] out, int n);
  }

  private interface Loop2 {
    void run(float[] a, float[] b, float[] out, int n);
  }

  /** One operation on the block of {@code count} outer indices from {@code first}. */
  private interface Step {
    void run(int first, int count);
  }

  private interface Binding {
    Step bind(float[][] in, float[] out);
  }

  private static final int NONE = -1;

  private record Instruction(int[] in, int out, Binding binding) {}

  /**
   * @param outer length of the outer axis
   */
  public BlockProgram(int outer) {
    this.outer = outer;
  }

  private int value(int size) {
    sizes.add(size);
    return sizes.size() - 1;
  }

  private int lasting(int size) {
    int value = value(size);
    lasting.add(value);
    return value;
  }

  private int then(int size, Binding binding, int... in) {
    int out = value(size);
    body.add(new Instruction(in, out, binding));
    return out;
  }

  /** The numbers of an array, cut along its outer axis. */
  public int load(INDArray array) {
    FloatBuffer from = buffer(array);
    int size = size(array);
    return then(size, (in, out) -> (first, count) -> from.get(first * size, out, 0, count * size));
  }

  /** The numbers of a whole array again and again. */
  public int tiled(INDArray array, int size) {
    FloatBuffer from = buffer(array);
    int length = Math.toIntExact(array.length());
    int out = lasting(size);
    before.add(
        new Instruction(
            new int[0],
            out,
            (none, into) ->
                (first, count) -> {
                  from.get(0, into, 0, length);
                  if (length == 1) {
                    Arrays.fill(into, into[0]);
                    return;
                  }
                  spread(into, 0, length, into.length);
                }));
    return out;
  }

  /** The same number again and again. */
  public int constant(float number, int size) {
    int out = lasting(size);
    before.add(
        new Instruction(
            new int[0],
            out,
            (none, into) -> {
              Arrays.fill(into, number);
              return (first, count) -> {};
            }));
    return out;
  }

  public int apply(Function function, int x) {
    int size = sizes.get(x);
    Loop1 loop = function.loop;
    return then(size, (in, out) -> (first, count) -> loop.run(in[0], out, count * size), x);
  }

  /** {@code factor * x + plus}. */
  public int affine(int x, float factor, float plus) {
    int size = sizes.get(x);
    return then(
        size,
        (in, out) ->
            plus == 0
                ? (first, count) -> Loops.scale(in[0], factor, out, count * size)
                : (first, count) -> Loops.affine(in[0], factor, plus, out, count * size),
        x);
  }

  public int apply(Pair pair, int a, int b) {
    int size = sizes.get(a);
    Loop2 loop = pair.loop;
    return then(
        size, (in, out) -> (first, count) -> loop.run(in[0], in[1], out, count * size), a, b);
  }

  /** Each run of {@code inner} numbers so many times. */
  public int repeat(int x, int times, int inner) {
    int size = sizes.get(x);
    int runs = size / inner;
    return then(
        size * times,
        (in, out) ->
            inner == 1
                ? (first, count) -> {
                  for (int i = 0; i < count * runs; i++) {
                    Arrays.fill(out, i * times, (i + 1) * times, in[0][i]);
                  }
                }
                : (first, count) -> {
                  for (int i = 0; i < count * runs; i++) {
                    int to = i * times * inner;
                    System.arraycopy(in[0], i * inner, out, to, inner);
                    spread(out, to, inner, times * inner);
                  }
                },
        x);
  }

  /** The opposite: sums of {@code times} runs of {@code inner} numbers. */
  public int sum(int x, int times, int inner) {
    int size = sizes.get(x) / times;
    int runs = size / inner;
    return then(
        size,
        (in, out) -> {
          if (inner == 1) {
            return (first, count) -> {
              for (int i = 0; i < count * runs; i++) {
                out[i] = Loops.sum(in[0], i * times, times);
              }
            };
          }
          float[] sums = new float[times * inner];
          float[] others = new float[times * inner];
          return (first, count) -> {
            for (int i = 0; i < count * runs; i++) {
              System.arraycopy(in[0], i * times * inner, sums, 0, times * inner);
              fold(sums, times, inner, others);
              System.arraycopy(sums, 0, out, i * inner, inner);
            }
          };
        },
        x);
  }

  /** Repeats the first numbers behind {@code at} until there are {@code all} of them. */
  private static void spread(float[] x, int at, int first, int all) {
    for (int done = first; done < all; done += done) {
      System.arraycopy(x, at, x, at + done, Math.min(done, all - done));
    }
  }

  /**
   * Adds runs of numbers up in the place of the first one, half of them to the others each time.
   *
   * @param others for what is added: loops over two places of one array are not vectorised
   */
  private static void fold(float[] x, int times, int inner, float[] others) {
    for (int left = times; left > 1; ) {
      int half = left / 2;
      System.arraycopy(x, (left - half) * inner, others, 0, half * inner);
      Loops.add(x, others, x, half * inner);
      left -= half;
    }
  }

  /** Writes a value; {@code to} may be an array that is loaded. */
  public void store(int x, INDArray to) {
    FloatBuffer into = buffer(to);
    int size = sizes.get(x);
    body.add(
        new Instruction(
            new int[] {x},
            NONE,
            (in, none) -> (first, count) -> into.put(first * size, in[0], 0, count * size)));
  }

  /** Writes the sum over all of a value but its place among the last numbers, as {@code to} has. */
  public void storeSum(int x, INDArray to) {
    FloatBuffer into = buffer(to);
    int inner = Math.toIntExact(to.length());
    int size = sizes.get(x);
    int sums = lasting(size);
    before.add(
        new Instruction(new int[0], sums, (none, all) -> (first, count) -> Arrays.fill(all, 0f)));
    body.add(
        new Instruction(
            new int[] {x, sums},
            NONE,
            (in, none) -> (first, count) -> Loops.add(in[1], in[0], in[1], count * size)));
    after.add(
        new Instruction(
            new int[] {sums},
            NONE,
            (in, none) -> {
              float[] all = in[0];
              float[] others = new float[all.length];
              return (first, count) -> {
                if (inner == 1) {
                  into.put(0, Loops.sum(all, 0, all.length));
                  return;
                }
                fold(all, all.length / inner, inner, others);
                into.put(0, all, 0, inner);
              };
            }));
  }

  private int size(INDArray array) {
    return Math.toIntExact(array.length() / outer);
  }

  static FloatBuffer buffer(INDArray array) {
    Pointer address = new OneDnn.Address(array.data().addressPointer().address());
    return new FloatPointer(address).capacity(array.length()).asBuffer();
  }

  /** The kernel. */
  public Kernel build() {
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
