package io.retort.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/** The shapes of everything that operations compute, before they are bound to arrays. */
final class ShapeCalculation implements AutoCloseable {

  private final NativeMemory memory = new NativeMemory();
  private final Map<String, INDArray> arrays;
  private final Map<String, long[]> shapes = new HashMap<>();

  /** Stands for every floating-point array, whose numbers do not matter. */
  private INDArray any;

  private ShapeCalculation(Map<String, INDArray> bound) {
    arrays = new HashMap<>(bound);
    bound.forEach((name, array) -> shapes.put(name, array.shape()));
    any = memory.array(DataType.FLOAT, 1 << 10);
  }

  /**
   * @param operations in an order of dependency
   * @param bound what they read from outside
   */
  static Map<String, long[]> of(List<Operation> operations, Map<String, INDArray> bound) {
    try (ShapeCalculation calculation = new ShapeCalculation(bound)) {
      operations.forEach(calculation::add);
      return calculation.shapes;
    }
  }

  private void add(Operation operation) {
    List<INDArray> in = operation.inputs().stream().map(arrays::get).toList();
    Nd4jKernel kernel = memory.own(new Nd4jKernel(operation, in));
    List<LongShapeDescriptor> out = kernel.outputShapes();
    List<INDArray> results = new ArrayList<>();
    boolean isShape = false;
    for (int i = 0; i < Math.min(out.size(), operation.outputs().size()); i++) {
      String name = operation.outputs().get(i);
      long[] shape = out.get(i).getShape();
      shapes.put(name, shape);
      isShape |= out.get(i).dataType() != DataType.FLOAT;
      INDArray array = isShape ? memory.array(out.get(i).dataType(), shape) : standIn(shape);
      arrays.put(name, array);
      results.add(array);
    }
    if (isShape) {
      kernel.bind(results);
      kernel.run(); // others take their shapes from its numbers
    }
  }

  private INDArray standIn(long[] shape) {
    long length = 1;
    for (long side : shape) {
      length *= side;
    }
    if (any.length() < length) {
      any = memory.array(DataType.FLOAT, length);
    }
    return Nd4j.create(any.data(), shape, Nd4j.getStrides(shape, 'c'), 0, 'c');
  }

  @Override
  public void close() {
    memory.close();
  }
}
