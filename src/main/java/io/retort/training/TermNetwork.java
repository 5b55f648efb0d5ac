package io.retort.training;

import io.retort.plan.Backpropagation;
import io.retort.plan.CapturedPlan;
import io.retort.plan.GraphCut;
import io.retort.spec.TermSpec;
import io.retort.training.term.Feature;
import io.retort.training.term.TermGraph;
import io.retort.training.term.TermGraph.TrainedPart;
import io.retort.training.term.TermRules;
import io.retort.training.term.Terms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The terms of an objective that compare features, as one graph with its gradients: taps of student
 * and teacher in, a loss for each term and the gradients of the student's taps and of what the
 * terms train themselves out.
 *
 * @param teacher the variables of the teacher's taps
 * @param losses name of each term's loss before its weight, [1, 1]
 * @param gradients of the student's taps and the trained parts, by variable
 */
record TermNetwork(
    TermGraph graph, Set<String> teacher, List<String> losses, Map<String, SDVariable> gradients)
    implements AutoCloseable {

  /**
   * The tensors that terms read, by name, each with the shape of one row, channels first.
   *
   * @param student taps of the student
   * @param teacher taps of the teacher
   * @param rows that are trained on
   */
  record Shapes(Map<String, List<Integer>> student, Map<String, List<Integer>> teacher, int rows) {}

  static TermNetwork build(List<TermSpec> terms, Shapes shapes, int batch, DataType type) {
    TermGraph graph = new TermGraph(batch, shapes.rows(), type);
    Map<String, Feature> student = new HashMap<>();
    shapes.student().forEach((tap, s) -> student.put(tap, studentInput(graph, tap, s, type)));
    Map<String, Feature> teacher = new HashMap<>();
    shapes.teacher().forEach((tap, s) -> teacher.put(tap, teacherInput(graph, tap, s, type)));
    List<String> losses = new ArrayList<>();
    Map<String, SDVariable> slopes = new HashMap<>();
    for (int i = 0; i < terms.size(); i++) {
      TermSpec term = terms.get(i);
      SDVariable loss =
          Terms.add(
              term,
              scope(i),
              graph,
              term.studentTaps().stream().map(tap -> found(student, tap)).toList(),
              term.teacherTaps().stream().map(tap -> found(teacher, tap)).toList());
      losses.add(loss.name());
      slopes.put(loss.name(), graph.graph().placeHolder(weight(i), type, 1, 1));
    }
    Map<String, SDVariable> all =
        Backpropagation.from(graph.graph(), slopes, TermRules::differentiate);
    Map<String, SDVariable> gradients = new HashMap<>();
    Set<String> wanted = new HashSet<>();
    shapes.student().keySet().forEach(tap -> wanted.add(student(tap)));
    graph.parts().forEach(part -> wanted.add(part.name()));
    wanted.forEach(name -> gradients.put(name, Objects.requireNonNull(all.get(name), name)));
    Set<String> taps = new HashSet<>();
    shapes.teacher().keySet().forEach(tap -> taps.add(teacher(tap)));
    return new TermNetwork(graph, taps, List.copyOf(losses), Map.copyOf(gradients));
  }

  private static Feature found(Map<String, Feature> features, String tap) {
    return Objects.requireNonNull(features.get(tap), tap);
  }

  private static Feature studentInput(
      TermGraph graph, String tap, List<Integer> shape, DataType type) {
    long[] array = TapPoint.channelsLast(graph.batch(), shape);
    SDVariable values = graph.graph().placeHolder(student(tap), type, array);
    return Feature.channelsLast(graph, values, shape);
  }

  private static Feature teacherInput(
      TermGraph graph, String tap, List<Integer> shape, DataType type) {
    int size = shape.stream().reduce(1, Math::multiplyExact);
    SDVariable values = graph.graph().placeHolder(teacher(tap), type, graph.batch(), size);
    return Feature.channelsFirst(graph, values, shape);
  }

  static String student(String tap) {
    return "student/" + tap;
  }

  static String teacher(String tap) {
    return "teacher/" + tap;
  }

  /** Prefix of what a term asks for. */
  static String scope(int term) {
    return "term" + term + "/";
  }

  static String weight(int term) {
    return "weight" + term;
  }

  /** All that a step asks of the graph. */
  private Set<String> wanted() {
    Set<String> wanted = new HashSet<>(losses);
    wanted.addAll(graph.shown().values());
    gradients.values().forEach(gradient -> wanted.add(gradient.name()));
    return wanted;
  }

  /** Cut off what depends on the teacher alone. */
  GraphCut cut() {
    return GraphCut.of(graph.graph(), teacher, graph.given(), wanted(), graph.batch());
  }

  /** The taps themselves are what the step reads of the teacher. */
  GraphCut uncut() {
    Map<String, long[]> inputs = new HashMap<>();
    teacher.forEach(tap -> inputs.put(tap, graph.graph().getVariable(tap).placeholderShape()));
    return new GraphCut(teacher, teacher, inputs);
  }

  /**
   * Captures a part of the graph.
   *
   * @param bound arrays of what it reads, and of what must land in arrays of the caller's
   * @param given names of the former
   * @param wanted variables to compute
   * @param rewrite whether in few passes, where that can be
   */
  CapturedPlan capture(
      Map<String, INDArray> bound, Set<String> given, Set<String> wanted, boolean rewrite) {
    SameDiff sd = graph.graph();
    return rewrite && ComputeBackend.rewrites(graph.type())
        ? CapturedPlan.captureFused(sd, bound, given, wanted, graph.numbers())
        : CapturedPlan.capture(sd, bound, given, List.of(wanted), false);
  }

  /** Where what the terms train lies in a flat vector. */
  ParameterLayout layout() {
    List<ParameterTensor> tensors = new ArrayList<>();
    int offset = 0;
    for (TrainedPart part : graph.parts()) {
      ParameterTensor.Kind kind =
          switch (part.start()) {
            case UNIFORM -> ParameterTensor.Kind.WEIGHT;
            case ONE -> ParameterTensor.Kind.SCALE;
            case ZERO -> ParameterTensor.Kind.SHIFT;
          };
      ParameterTensor tensor =
          new ParameterTensor(part.name(), kind, part.shape(), offset, part.fanIn());
      tensors.add(tensor);
      offset += tensor.size();
    }
    return new ParameterLayout(List.copyOf(tensors), offset, offset);
  }

  @Override
  public void close() {
    graph.close();
  }
}
