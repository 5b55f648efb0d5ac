package io.retort.training;

/**
 * Adam (Kingma and Ba, 2015), and AdamW where the decay is not 0: parameters shrink by rate * decay
 * before the step, apart from the gradient (Loshchilov and Hutter, 2019). Epsilon is added after
 * the correction of the bias, as PyTorch does.
 */
final class AdamOptimizer implements Optimizer {

  private final float[][] first;
  private final float[][] second;
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double decay;
  private long steps;
  private float keep;
  private float rate;
  private float correction;

  AdamOptimizer(int size, double beta1, double beta2, double epsilon, double decay) {
    this.first = Optimizer.memory(size);
    this.second = Optimizer.memory(size);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.decay = decay;
  }

  @Override
  public void begin(double learningRate) {
    steps++;
    keep = (float) (1 - learningRate * decay);
    rate = (float) (learningRate / (1 - Math.pow(beta1, (double) steps)));
    correction = (float) (1 / Math.sqrt(1 - Math.pow(beta2, (double) steps)));
  }

  @Override
  public void move(float[] parameters, float[] gradient, int piece, int count) {
    // locals, because the compiler vectorises a loop over them and not over fields
    float[] m = first[piece];
    float[] v = second[piece];
    float b1 = (float) beta1;
    float b2 = (float) beta2;
    float keep = this.keep;
    float rate = this.rate;
    float correction = this.correction;
    float eps = (float) epsilon;
    for (int i = 0; i < count; i++) {
      float g = gradient[i];
      float mean = (b1 * m[i] + (1 - b1) * g + TINY) - TINY;
      float square = b2 * v[i] + (1 - b2) * g * g;
      m[i] = mean;
      v[i] = square;
      parameters[i] =
          keep * parameters[i] - rate * mean / ((float) Math.sqrt(square) * correction + eps);
    }
  }

  @Override
  public void save(Checkpoint into) {
    into.put("adam.steps", (double) steps);
    Optimizer.save("adam.first", first, into);
    Optimizer.save("adam.second", second, into);
  }

  @Override
  public void load(Checkpoint from) {
    steps = (long) from.number("adam.steps");
    Optimizer.load("adam.first", first, from);
    Optimizer.load("adam.second", second, from);
  }
}
