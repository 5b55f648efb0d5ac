package io.retort.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What goes together in a teacher's spec, and what does not. */
final class TeacherRules {

  private static final String KINDS =
      "`architecture`, `model`, `softTargets`, `endpoint` and `ensemble`";

  private static final Set<String> READ = Set.of("model", "softTargets", "endpoint");

  private final @Nullable DatasetSpec dataset;
  private final List<Violation> violations = new ArrayList<>();

  private TeacherRules(@Nullable DatasetSpec dataset) {
    this.dataset = dataset;
  }

  /**
   * @param dataset null where the spec has none, which is refused elsewhere
   */
  static List<Violation> check(TeacherSpec teacher, @Nullable DatasetSpec dataset) {
    TeacherRules rules = new TeacherRules(dataset);
    rules.teacher(teacher, "/teacher");
    return rules.violations;
  }

  private void teacher(TeacherSpec teacher, String pointer) {
    Map<String, @Nullable Object> sources = new LinkedHashMap<>();
    sources.put("architecture", teacher.architecture());
    sources.put("model", teacher.model());
    sources.put("softTargets", teacher.softTargets());
    sources.put("endpoint", teacher.endpoint());
    sources.put("ensemble", teacher.ensemble());
    List<String> given =
        sources.keySet().stream().filter(name -> sources.get(name) != null).toList();
    if (given.size() != 1) {
      String which =
          given.isEmpty()
              ? "none was given"
              : String.join(" and ", given) + (given.size() == 2 ? " both" : "") + " were given";
      refuse(pointer, "needs exactly one of " + KINDS + "; " + which);
      return;
    }
    String source = given.get(0);
    only(Set.of("architecture"), source, pointer + "/training", teacher.training());
    only(Set.of("ensemble"), source, pointer + "/averaging", teacher.averaging());
    only(Set.of("model", "endpoint"), source, pointer + "/output", teacher.output());
    only(Set.of("model"), source, pointer + "/inputs", teacher.inputs());
    only(READ, source, pointer + "/outputKind", teacher.outputKind());
    only(READ, source, pointer + "/classes", teacher.classes());
    distinct(teacher.classes(), pointer + "/classes");
    if (teacher.softTargets() != null) {
      softTargets(teacher, teacher.softTargets(), pointer);
    }
    if (teacher.ensemble() != null) {
      members(teacher.ensemble(), pointer + "/ensemble");
    }
  }

  private void softTargets(TeacherSpec teacher, SoftTargetsSpec targets, String pointer) {
    String at = pointer + "/softTargets";
    List<String> columns = targets.columns();
    if ((columns == null) == (targets.uri() == null)) {
      refuse(
          at, "must have exactly one of `columns` (of the dataset) and `uri` (a file beside it)");
      return;
    }
    boolean beside = columns == null;
    part(beside, targets.validation(), dataset == null ? null : dataset.validation(), at, true);
    part(beside, targets.test(), dataset == null ? null : dataset.test(), at, false);
    distinct(columns, at + "/columns");
    if (columns != null
        && teacher.classes() != null
        && teacher.classes().size() != columns.size()) {
      refuse(
          pointer + "/classes",
          "must name one class a column: there are " + columns.size() + " columns");
    }
  }

  /** A part with a file of its own has its soft targets in one of their own, too. */
  private void part(
      boolean beside,
      @Nullable String uri,
      @Nullable PartSpec part,
      String pointer,
      boolean validation) {
    String name = validation ? "validation" : "test";
    if (uri != null && (!beside || part == null)) {
      refuse(
          pointer + "/" + name,
          beside
              ? "only applies where `dataset." + name + "` has rows of its own"
              : "only applies to soft targets with a `uri`");
    } else if (beside && validation && uri == null && part != null) {
      refuse(
          pointer + "/validation",
          "is required, as `dataset.validation` has rows of its own: give the URI of their soft"
              + " targets");
    }
  }

  private void members(List<EnsembleMember> members, String pointer) {
    for (int i = 0; i < members.size(); i++) {
      TeacherSpec member = members.get(i) == null ? null : members.get(i).teacher();
      String at = pointer + "/" + i + "/teacher";
      if (member == null) {
        continue;
      }
      if (member.architecture() != null) {
        refuse(
            at + "/architecture",
            "a teacher of an ensemble must be there already; make it with a `train` job first");
      } else if (member.ensemble() != null) {
        refuse(at + "/ensemble", "an ensemble cannot hold another one");
      } else {
        teacher(member, at);
      }
    }
  }

  private void only(Set<String> sources, String given, String pointer, @Nullable Object value) {
    if (value != null && !sources.contains(given)) {
      refuse(
          pointer,
          "only applies to a teacher with "
              + String.join(" or ", sources.stream().sorted().map(s -> "`" + s + "`").toList()));
    }
  }

  private void distinct(@Nullable List<String> names, String pointer) {
    if (names != null && new HashSet<>(names).size() < names.size()) {
      refuse(pointer, "must not name anything twice");
    }
  }

  private void refuse(String pointer, String message) {
    violations.add(Violation.of(pointer, message));
  }
}
