package io.retort.training;

/**
 * Adam (Kingma and Ba, 2015), and AdamW where the decay is not 0: parameters shrink by rate * decay
 * before the step, apart from the gradient (Loshchilov and Hutter, 2019). Epsilon is added after
 * the correction of the bias, as PyTorch does.
 */
final class AdamOptimizer implements Optimizer {

  private final float[] first;
  private final float[] second;
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double decay;
  private long steps;

  AdamOptimizer(int size, double beta1, double beta2, double epsilon, double decay) {
    this.first = new float[size];
    this.second = new float[size];
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.decay = decay;
  }

  @Override
  public void step(float[] parameters, float[] gradient, double learningRate) {
    steps++;
    float b1 = (float) beta1;
    float b2 = (float) beta2;
    float keep = (float) (1 - learningRate * decay);
    float rate = (float) (learningRate / (1 - Math.pow(beta1, (double) steps)));
    float correction = (float) (1 / Math.sqrt(1 - Math.pow(beta2, (double) steps)));
    float eps = (float) epsilon;
    for (int i = 0; i < parameters.length; i++) {
      float g = gradient[i];
      float m = b1 * first[i] + (1 - b1) * g;
      float v = b2 * second[i] + (1 - b2) * g * g;
      first[i] = m;
      second[i] = v;
      parameters[i] = keep * parameters[i] - rate * m / ((float) Math.sqrt(v) * correction + eps);
    }
  }
}
