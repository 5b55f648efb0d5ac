package io.retort.training;

/**
 * Stochastic gradient descent with momentum: the decay times the parameter is added to the
 * gradient, the velocity is momentum * velocity + gradient, and starts as the first gradient
 * (PyTorch's form, without dampening).
 */
final class SgdOptimizer implements Optimizer {

  private final float[][] velocity;
  private final float momentum;
  private final boolean nesterov;
  private final float decay;
  private float rate;

  SgdOptimizer(int size, double momentum, boolean nesterov, double decay) {
    this.velocity = Optimizer.memory(size);
    this.momentum = (float) momentum;
    this.nesterov = nesterov;
    this.decay = (float) decay;
  }

  @Override
  public void begin(double learningRate) {
    rate = (float) learningRate;
  }

  @Override
  public void move(float[] parameters, float[] gradient, int piece, int count) {
    float[] velocity = this.velocity[piece];
    float rate = this.rate;
    for (int i = 0; i < count; i++) {
      float g = gradient[i] + decay * parameters[i];
      float v = (momentum * velocity[i] + g + TINY) - TINY;
      velocity[i] = v;
      parameters[i] -= rate * (nesterov ? g + momentum * v : v);
    }
  }

  @Override
  public void save(Checkpoint into) {
    Optimizer.save("sgd.velocity", velocity, into);
  }

  @Override
  public void load(Checkpoint from) {
    Optimizer.load("sgd.velocity", velocity, from);
  }
}
