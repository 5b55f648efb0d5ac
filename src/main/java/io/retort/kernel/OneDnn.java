package io.retort.kernel;

import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * oneDNN's primitives over ND4J's arrays, and the owner of everything native that they need. Made
 * and used by one thread at a time; a primitive uses as many OpenMP threads as that thread was
 * allowed when it was made.
 *
 * <p>Arrays are FLOAT. Images are [batch, height, width, channels], so that every array is plain
 * memory which ND4J's own operations can read as well; weights of convolutions are [height, width,
 * in, out] and are brought into oneDNN's preferred order before each use.
 */
public final class OneDnn implements AutoCloseable {

  private final Deque<Pointer> owned = new ArrayDeque<>();
  private final engine engine;
  private final dnnl_stream stream;

  public OneDnn() {
    engine = own(new engine(org.bytedeco.dnnl.engine.kind.cpu, 0));
    stream = own(own(new stream(engine)).get());
  }

  engine engine() {
    return engine;
  }

  <T extends Pointer> T own(T pointer) {
    owned.push(pointer);
    return pointer;
  }

  /** How an array of any strides lies in memory, its axes in their own order. */
  memory.desc layout(INDArray array) {
    return layout(array.shape(), array.stride());
  }

  /** An image array [batch, height, width, channels] as oneDNN numbers axes: channels second. */
  memory.desc images(INDArray array) {
    return layout(permuted(array.shape(), 0, 3, 1, 2), permuted(array.stride(), 0, 3, 1, 2));
  }

  /** Weights [height, width, in, out] as oneDNN numbers axes: out, in, height, width. */
  memory.desc filters(INDArray array) {
    return layout(permuted(array.shape(), 3, 2, 0, 1), permuted(array.stride(), 3, 2, 0, 1));
  }

  memory.desc layout(long[] shape, long[] strides) {
    return own(new memory.desc(shape, memory.data_type.f32, strides));
  }

  /** Whether an array's numbers lie side by side in the order of its axes. */
  static boolean isDense(INDArray array) {
    long stride = 1;
    for (int i = array.rank() - 1; i >= 0; i--) {
      if (array.size(i) != 1 && array.stride(i) != stride) {
        return false;
      }
      stride *= array.size(i);
    }
    return true;
  }

  /** Rows of rows, the last axis without gaps. */
  memory.desc dense(long... shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return layout(shape, strides);
  }

  /** The same axes in whatever order a primitive likes best. */
  memory.desc anyOrder(long... shape) {
    return own(new memory.desc(shape, memory.data_type.f32, memory.format_tag.any));
  }

  static long[] permuted(long[] values, int... axes) {
    long[] result = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      result[i] = values[axes[i]];
    }
    return result;
  }

  /** An array seen through a layout; the array stays its owner's. */
  memory view(INDArray array, memory.desc layout) {
    if (array.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException("oneDNN kernels read FLOAT, not " + array.dataType());
    }
    return own(
        new memory(layout, engine, own(new Address(array.data().addressPointer().address()))));
  }

  /** Memory of the kernel's own, of one number many times. */
  memory filled(memory.desc layout, int length, float value) {
    memory made = scratch(layout);
    float[] values = new float[length];
    java.util.Arrays.fill(values, value);
    new org.bytedeco.javacpp.FloatPointer(own(made.get_data_handle())).capacity(length).put(values);
    return made;
  }

  /** Memory of the kernel's own. */
  memory scratch(memory.desc layout) {
    return own(new memory(layout, engine));
  }

  /**
   * The memory to give a primitive that reads {@code wanted}.
   *
   * @param before takes the copying that this needs before each run, if any
   */
  memory reading(memory from, memory.desc wanted, List<Kernel> before) {
    if (own(from.get_desc()).equals(wanted)) {
      return from;
    }
    memory copy = scratch(wanted);
    before.add(copying(from, copy));
    return copy;
  }

  /**
   * The memory to give a primitive that writes {@code wanted}.
   *
   * @param after takes the copying that this needs after each run, if any
   */
  memory writing(memory to, memory.desc wanted, List<Kernel> after) {
    if (own(to.get_desc()).equals(wanted)) {
      return to;
    }
    memory copy = scratch(wanted);
    after.add(copying(copy, to));
    return copy;
  }

  Kernel copying(memory from, memory to) {
    primitive copy =
        new reorder(
            own(
                new reorder.primitive_desc(
                    engine, own(from.get_desc()), engine, own(to.get_desc()))));
    return kernel(
        copy,
        new Argument(org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM, from),
        new Argument(org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO, to));
  }

  /** What a primitive calls one of its arrays, and that array. */
  record Argument(int name, memory memory) {}

  Kernel kernel(primitive made, Argument... arguments) {
    dnnl_primitive primitive = own(own(made).get());
    dnnl_exec_arg_t list = own(new dnnl_exec_arg_t(arguments.length));
    for (int i = 0; i < arguments.length; i++) {
      list.position(i).arg(arguments[i].name()).memory(own(arguments[i].memory().get()));
    }
    list.position(0);
    int count = arguments.length;
    return () -> {
      int status = dnnl_primitive_execute(primitive, stream, count, list);
      if (status != dnnl_success) {
        throw new IllegalStateException("oneDNN returned status " + status);
      }
    };
  }

  /** Copies an array into another of the same shape and other strides. */
  public Kernel copy(INDArray from, INDArray to) {
    return copying(view(from, layout(from)), view(to, layout(to)));
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      owned.pop().close();
    }
  }

  /** A pointer to memory that somebody else owns. */
  static final class Address extends Pointer {
    Address(long address) {
      this.address = address;
    }
  }
}
