package io.retort.training;

/**
 * Stochastic gradient descent with momentum: the decay times the parameter is added to the
 * gradient, the velocity is momentum * velocity + gradient, and starts as the first gradient
 * (PyTorch's form, without dampening).
 */
final class SgdOptimizer implements Optimizer {

  private final float[] velocity;
  private final float momentum;
  private final boolean nesterov;
  private final float decay;

  SgdOptimizer(int size, double momentum, boolean nesterov, double decay) {
    this.velocity = new float[size];
    this.momentum = (float) momentum;
    this.nesterov = nesterov;
    this.decay = (float) decay;
  }

  @Override
  public void step(float[] parameters, float[] gradient, double learningRate) {
    float rate = (float) learningRate;
    for (int i = 0; i < parameters.length; i++) {
      float g = gradient[i] + decay * parameters[i];
      float v = momentum * velocity[i] + g;
      velocity[i] = v;
      parameters[i] -= rate * (nesterov ? g + momentum * v : v);
    }
  }
}
