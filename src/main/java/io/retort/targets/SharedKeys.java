package io.retort.targets;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How one teacher's files are called where machines share them: {@code
 * soft-targets/v1/<teacher>/<group>/<segment>}, and beside the groups the claims of a precision,
 * whose name comes before a group's in every listing: when a claim has ended, what was claimed is
 * found behind it.
 *
 * @param teacher fingerprint
 */
record SharedKeys(String teacher) {

  static final String ROOT = "soft-targets/v1/";

  /** Whatever else lies there is somebody else's; no name leads out of a directory. */
  private static final Pattern NAME =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.(segment|claim)");

  private static final String CLAIMS = "claims-";
  private static final String USED = "used";

  String all() {
    return ROOT + teacher + "/";
  }

  String group(Output output) {
    return all() + output.group().name() + "/";
  }

  /** Put anew whenever somebody begins to read the group. */
  String used(Output output) {
    return group(output) + USED;
  }

  /**
   * @param logits whose group a labelling always writes to
   */
  String claims(Output logits) {
    return all() + CLAIMS + logits.group().name() + "/";
  }

  /** Those of a kind directly below a prefix. */
  static List<SharedTargets.Entry> of(
      List<SharedTargets.Entry> entries, String prefix, String suffix) {
    return entries.stream()
        .filter(e -> e.key().startsWith(prefix) && e.name().endsWith(suffix))
        .filter(e -> e.key().length() == prefix.length() + e.name().length())
        .filter(e -> NAME.matcher(e.name()).matches())
        .toList();
  }
}
