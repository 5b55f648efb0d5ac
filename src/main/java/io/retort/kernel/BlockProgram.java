package io.retort.kernel;

import io.retort.kernel.BlockSteps.Binding;
import java.nio.FloatBuffer;
import java.util.Arrays;
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

  private final int outer;
  private final BlockSteps steps = new BlockSteps();

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

  /**
   * @param outer length of the outer axis
   */
  public BlockProgram(int outer) {
    this.outer = outer;
  }

  private int then(int size, Binding binding, int... in) {
    return steps.then(size, binding, in);
  }

  private int size(int value) {
    return steps.size(value);
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
    return steps.lasting(
        size,
        into ->
            (first, count) -> {
              from.get(0, into, 0, length);
              if (length == 1) {
                Arrays.fill(into, into[0]);
                return;
              }
              spread(into, 0, length, into.length);
            });
  }

  /** The same number again and again. */
  public int constant(float number, int size) {
    return steps.lasting(
        size,
        into -> {
          Arrays.fill(into, number);
          return (first, count) -> {};
        });
  }

  public int apply(Function function, int x) {
    int size = size(x);
    Loop1 loop = function.loop;
    return then(size, (in, out) -> (first, count) -> loop.run(in[0], out, count * size), x);
  }

  /** {@code factor * x + plus}. */
  public int affine(int x, float factor, float plus) {
    int size = size(x);
    return then(
        size,
        (in, out) ->
            plus == 0
                ? (first, count) -> Loops.scale(in[0], factor, out, count * size)
                : (first, count) -> Loops.affine(in[0], factor, plus, out, count * size),
        x);
  }

  public int apply(Pair pair, int a, int b) {
    int size = size(a);
    Loop2 loop = pair.loop;
    return then(
        size, (in, out) -> (first, count) -> loop.run(in[0], in[1], out, count * size), a, b);
  }

  /** {@code a b + c}, without a place for the product. */
  public int multiplyAdd(int a, int b, int c) {
    int size = size(a);
    return then(
        size,
        (in, out) -> (first, count) -> Loops.multiplyAdd(in[0], in[1], in[2], out, count * size),
        a,
        b,
        c);
  }

  /** Each run of {@code inner} numbers so many times. */
  public int repeat(int x, int times, int inner) {
    int size = size(x);
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
    int size = size(x) / times;
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
    int size = size(x);
    steps.then(in -> (first, count) -> into.put(first * size, in[0], 0, count * size), x);
  }

  /** Writes the sum over all of a value but its place among the last numbers, as {@code to} has. */
  public void storeSum(int x, INDArray to) {
    int size = size(x);
    int sums = sums(size);
    steps.then(in -> (first, count) -> Loops.add(in[1], in[0], in[1], count * size), x, sums);
    storeSums(sums, to);
  }

  /** The same of {@code a b}, without a place for the product. */
  public void storeSumOfProducts(int a, int b, INDArray to) {
    int size = size(a);
    int sums = sums(size);
    steps.then(
        in -> (first, count) -> Loops.multiplyAdd(in[0], in[1], in[2], in[2], count * size),
        a,
        b,
        sums);
    storeSums(sums, to);
  }

  private int sums(int size) {
    return steps.lasting(size, all -> (first, count) -> Arrays.fill(all, 0f));
  }

  private void storeSums(int sums, INDArray to) {
    FloatBuffer into = buffer(to);
    int inner = Math.toIntExact(to.length());
    steps.afterwards(
        in -> {
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
        },
        sums);
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
    return steps.build(outer);
  }
}
