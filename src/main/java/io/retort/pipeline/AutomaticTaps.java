package io.retort.pipeline;

import io.retort.spec.Method;
import io.retort.teacher.Tap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pairs of tensors that terms read where nobody chose: the penultimate features, and of maps
 * the last ones of every resolution that both networks have.
 */
record AutomaticTaps(List<Tap> student, List<Tap> teacher) {

  private static final String PENULTIMATE = "penultimate";
  private static final String BEFORE_ACTIVATION = ".pre";

  /** None where the networks have none that suit. */
  List<TapPair> of(Method.Taps wanted) {
    List<TapPair> maps = maps();
    return switch (wanted) {
      case LOGITS -> List.of();
      case FEATURES -> features();
      case MAP -> maps.isEmpty() ? maps : maps.subList(maps.size() - 1, maps.size());
      case MAPS -> maps;
      case MAPS_OR_FEATURES -> maps.isEmpty() ? features() : maps;
      case PREACTIVATIONS -> preactivations(maps);
    };
  }

  /** The last stage of every resolution that both have, from the first to the last. */
  private List<TapPair> maps() {
    Map<List<Integer>, Tap> ours = stages(student);
    Map<List<Integer>, Tap> theirs = stages(teacher);
    List<TapPair> pairs = new ArrayList<>();
    ours.forEach(
        (resolution, tap) -> {
          Tap other = theirs.get(resolution);
          if (other != null) {
            pairs.add(new TapPair(tap, other));
          }
        });
    return pairs;
  }

  private static Map<List<Integer>, Tap> stages(List<Tap> taps) {
    Map<List<Integer>, Tap> stages = new LinkedHashMap<>();
    for (Tap tap : taps) {
      if (isMap(tap) && !tap.name().endsWith(BEFORE_ACTIVATION)) {
        stages.put(tap.shape().subList(1, 3), tap);
      }
    }
    return stages;
  }

  static boolean isMap(Tap tap) {
    return tap.shape().size() == 3 && tap.shape().get(1) * tap.shape().get(2) > 1;
  }

  private List<TapPair> features() {
    List<Tap> ours = lastFeatures(student);
    List<Tap> theirs = lastFeatures(teacher);
    return ours.isEmpty() || theirs.isEmpty()
        ? List.of()
        : List.of(new TapPair(ours.get(0), theirs.get(0)));
  }

  /** What is called so, or else the last vector. */
  static List<Tap> lastFeatures(List<Tap> taps) {
    List<Tap> vectors = taps.stream().filter(tap -> tap.shape().size() == 1).toList();
    List<Tap> named = vectors.stream().filter(tap -> tap.name().equals(PENULTIMATE)).toList();
    return named.isEmpty() && !vectors.isEmpty()
        ? vectors.subList(vectors.size() - 1, vectors.size())
        : named;
  }

  /** Those of the paired maps, or else the last of both. */
  private List<TapPair> preactivations(List<TapPair> maps) {
    List<TapPair> pairs = new ArrayList<>();
    for (TapPair map : maps) {
      List<Tap> ours = before(student, map.student().name() + BEFORE_ACTIVATION);
      List<Tap> theirs = before(teacher, map.teacher().name() + BEFORE_ACTIVATION);
      if (!ours.isEmpty() && !theirs.isEmpty()) {
        pairs.add(new TapPair(ours.get(0), theirs.get(0)));
      }
    }
    List<Tap> ours = before(student, BEFORE_ACTIVATION);
    List<Tap> theirs = before(teacher, BEFORE_ACTIVATION);
    if (pairs.isEmpty() && !ours.isEmpty() && !theirs.isEmpty()) {
      pairs.add(new TapPair(ours.get(ours.size() - 1), theirs.get(theirs.size() - 1)));
    }
    return pairs;
  }

  private static List<Tap> before(List<Tap> taps, String ending) {
    return taps.stream().filter(tap -> tap.name().endsWith(ending)).toList();
  }
}
