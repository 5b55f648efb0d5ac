package io.retort.training.term;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.custom.Roll;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A graph of terms under construction for one batch size, and the expressions that terms are made
 * of. All of them keep dimensions: SameDiff's gradient of a division by a rank-0 number is wrong.
 */
public final class TermGraph implements AutoCloseable {

  /** Squared length below which a vector has no direction. */
  private static final double NO_LENGTH = 1e-24;

  private static final double NORM_EPSILON = 1e-5;

  private final SameDiff sd = SameDiff.create();
  private final DataType type;
  private final int batch;
  private final int rows;
  private final Map<String, String> shown = new HashMap<>();
  private final List<TrainedPart> parts = new ArrayList<>();
  private final Map<String, SDVariable> constants = new HashMap<>();
  private final Map<String, Double> numbers = new HashMap<>();
  private final Set<String> given = new HashSet<>();
  private final List<INDArray> owned = new ArrayList<>();
  private String scope = "";

  /**
   * @param batch rows of a batch
   * @param rows that are trained on altogether
   */
  public TermGraph(int batch, int rows, DataType type) {
    this.batch = batch;
    this.rows = rows;
    this.type = type;
  }

  /**
   * A tensor that a term trains along with the student.
   *
   * @param start how it begins
   * @param fanIn inputs that one output sums over; bounds uniform initial values
   */
  public record TrainedPart(String name, Start start, long[] shape, int fanIn) {

    /** Initial values. */
    public enum Start {
      UNIFORM,
      ONE,
      ZERO
    }
  }

  public SameDiff graph() {
    return sd;
  }

  public int batch() {
    return batch;
  }

  public DataType type() {
    return type;
  }

  int rows() {
    return rows;
  }

  public List<TrainedPart> parts() {
    return List.copyOf(parts);
  }

  /** Prefix of the names of what the next term asks for. */
  void scope(String name) {
    scope = name;
  }

  private SDVariable part(String name, TrainedPart.Start start, int fanIn, long... shape) {
    String unique = scope + name + parts.size();
    parts.add(new TrainedPart(unique, start, shape, fanIn));
    return sd.placeHolder(unique, type, shape);
  }

  SDVariable ones(long... shape) {
    return part("scale", TrainedPart.Start.ONE, 1, shape);
  }

  SDVariable zeros(long... shape) {
    return part("shift", TrainedPart.Start.ZERO, 1, shape);
  }

  /** A number as a tensor of so many dimensions. */
  SDVariable number(double value, int rank) {
    return constants.computeIfAbsent(
        value + "/" + rank,
        key -> {
          long[] shape = new long[rank];
          java.util.Arrays.fill(shape, 1);
          SDVariable number = constant(Nd4j.scalar(type, value).reshape(shape));
          numbers.put(number.name(), value);
          return number;
        });
  }

  /** The constants that are one number and never change, by variable. */
  public Map<String, Double> numbers() {
    return Map.copyOf(numbers);
  }

  SDVariable matrix(double[][] values) {
    return constant(Nd4j.create(values).castTo(type));
  }

  private SDVariable constant(INDArray array) {
    return constant("constant" + owned.size(), array);
  }

  private SDVariable constant(String name, INDArray array) {
    owned.add(array);
    return sd.constant(name, array);
  }

  /** A tensor that is set anew for each batch, and a constant to gradients. */
  SDVariable given(String name, long... shape) {
    given.add(scope + name);
    return constant(scope + name, Nd4j.create(type, shape));
  }

  /** The variables that are set anew for each batch, though constants to gradients. */
  public Set<String> given() {
    return Set.copyOf(given);
  }

  /** Lets a tensor be read after a run. */
  void show(String name, SDVariable x) {
    shown.put(scope + name, x.name());
  }

  /** The tensors to be read after a run: their variables, by scope and name. */
  public Map<String, String> shown() {
    return Map.copyOf(shown);
  }

  /** The same value, through which no gradient flows. */
  SDVariable stop(SDVariable x) {
    return sd.identity(x);
  }

  /** Rows times a trained matrix plus a trained row: a linear layer, or a 1x1 convolution. */
  SDVariable linear(SDVariable rows, int inputs, int outputs) {
    SDVariable w = part("w", TrainedPart.Start.UNIFORM, inputs, inputs, outputs);
    SDVariable b = part("b", TrainedPart.Start.UNIFORM, inputs, 1, outputs);
    return rows.mmul(w).add(b);
  }

  /** The same of two matrices of rows side by side. */
  SDVariable linear(SDVariable a, SDVariable b, int inputs, int outputs) {
    SDVariable first = part("w", TrainedPart.Start.UNIFORM, 2 * inputs, inputs, outputs);
    SDVariable second = part("w", TrainedPart.Start.UNIFORM, 2 * inputs, inputs, outputs);
    SDVariable bias = part("b", TrainedPart.Start.UNIFORM, 2 * inputs, 1, outputs);
    return a.mmul(first).add(bias).add(b.mmul(second));
  }

  /** A trained 3x3 convolution of images [batch, height, width, inputs] without bias. */
  SDVariable convolution(SDVariable images, int inputs, int outputs) {
    SDVariable w = part("w", TrainedPart.Start.UNIFORM, 9 * inputs, 3, 3, inputs, outputs);
    return sd.cnn.conv2d(images, w, Convolutions.SAME_3X3);
  }

  /**
   * Batch normalisation of rows [rows, width] with a trained scale and shift. What is centred sums
   * to 0, so the variance has no gradient through the mean.
   */
  SDVariable batchNorm(SDVariable rows, int width) {
    SDVariable mean = rows.mean(true, 0);
    SDVariable centred = rows.sub(mean);
    SDVariable still = rows.sub(stop(mean));
    SDVariable variance = still.mul(still).mean(true, 0);
    SDVariable deviation = sd.math.sqrt(variance.add(number(NORM_EPSILON, 2)));
    return centred.div(deviation).mul(ones(1, width)).add(zeros(1, width));
  }

  /** The mean of all numbers, [1, 1]. */
  SDVariable mean(SDVariable x) {
    return x.reshape(1, -1).mean(true, 1);
  }

  /** The sum of all numbers, [1, 1]. */
  SDVariable sum(SDVariable x) {
    return x.reshape(1, -1).sum(true, 1);
  }

  /**
   * Half the square up to 1, linear beyond (Huber, 1964): c (x - c / 2) with c = x clipped to [-1,
   * 1], which is its slope too.
   */
  SDVariable huber(SDVariable x, int rank) {
    SDVariable c = stop(sd.math.clipByValue(x, -1, 1));
    return c.mul(x.sub(c.mul(number(0.5, rank))));
  }

  /** Vectors along an axis brought to length 1; those without a length become 0. */
  SDVariable normalised(SDVariable x, int axis, int rank) {
    return directed(x, axis, rank, 0);
  }

  /** Vectors divided by their length plus something; those without a length become 0. */
  SDVariable directed(SDVariable x, int axis, int rank, double plus) {
    SDVariable squares = x.mul(x).sum(true, axis);
    SDVariable some = isPositive(squares.sub(number(NO_LENGTH, rank)));
    SDVariable length = sd.math.sqrt(sd.math.max(squares, number(NO_LENGTH, rank)));
    if (plus > 0) {
      length = length.add(number(plus, rank));
    }
    return x.mul(some.div(length));
  }

  /** 1 where x > 0, 0 elsewhere; a constant to gradients. */
  SDVariable isPositive(SDVariable x) {
    return stop(sd.math.sign(sd.nn.relu(x, 0)));
  }

  SDVariable relu(SDVariable x) {
    return sd.nn.relu(x, 0);
  }

  /** Each row's products with each row, [rows, rows]. */
  SDVariable products(SDVariable rows) {
    return new SelfProducts(rows, 2, false).outputVariable();
  }

  /** The same for a loss that treats both orders of a pair of rows alike. */
  SDVariable mutualProducts(SDVariable rows) {
    return new SelfProducts(rows, 2, true).outputVariable();
  }

  /** Likewise, for each matrix of a stack, [stack, rows, rows]. */
  SDVariable stackedMutualProducts(SDVariable stack) {
    return new SelfProducts(stack, 3, true).outputVariable();
  }

  /** Each row in the place of the one before it, the first in that of the last. */
  SDVariable movedUp(SDVariable rows, int width) {
    return new Roll(sd, rows, -width).outputVariable();
  }

  /** Numbers along the last dimension of [batch, channels, positions] mixed by a matrix. */
  SDVariable resampled(SDVariable maps, int channels, double[][] weights) {
    SDVariable flat = maps.reshape((long) batch * channels, weights.length);
    return flat.mmul(matrix(weights)).reshape(batch, channels, weights[0].length);
  }

  /** Positions of [batch, positions, channels] mixed by a matrix from old ones to new ones. */
  SDVariable mixed(SDVariable positionsFirst, double[][] weights) {
    long[] shape = {1, weights.length, weights[0].length};
    INDArray matrix = Nd4j.create(weights).castTo(type).reshape(shape);
    return new MixedPositions(constant(matrix), positionsFirst, false).outputVariable();
  }

  /** Frees the constants. */
  @Override
  public void close() {
    owned.forEach(INDArray::close);
  }
}
