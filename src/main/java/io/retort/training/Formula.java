package io.retort.training;

import io.retort.spec.ObjectiveSpec;
import io.retort.spec.ObjectiveSpec.Distillation;
import java.math.BigDecimal;

/**
 * An objective as text, with its numbers filled in: t are the teacher's logits, s the student's.
 */
public final class Formula {

  private Formula() {}

  public static String of(ObjectiveSpec o) {
    StringBuilder text = new StringBuilder("loss = ");
    if (o.alpha() > 0) {
      text.append(number(o.alpha())).append(" * ").append(distillation(o));
    }
    if (o.beta() > 0) {
      text.append(o.alpha() > 0 ? " + " : "");
      text.append(o.beta() == 1 ? "" : number(o.beta()) + " * ");
      text.append("CE(y, softmax(").append(softened("s", o.hardLossTemperature())).append("))");
    }
    for (int i = 0; i < o.terms().size(); i++) {
      boolean first = i == 0 && o.alpha() == 0 && o.beta() == 0;
      text.append(first ? "" : " + ");
      text.append(number(o.terms().get(i).weight())).append(" * ").append(o.termNames().get(i));
    }
    return text.toString();
  }

  private static String distillation(ObjectiveSpec o) {
    if (o.distillation() == Distillation.MSE) {
      return "mean((s - t)^2)";
    }
    return (o.tauSquared() ? number(o.tau()) + "^2 * " : "")
        + "KL(softmax("
        + softened("t", o.tau())
        + ") || softmax("
        + softened("s", o.tau())
        + "))";
  }

  private static String softened(String logits, double temperature) {
    return temperature == 1 ? logits : logits + " / " + number(temperature);
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
