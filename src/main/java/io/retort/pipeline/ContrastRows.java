package io.retort.pipeline;

import io.retort.dataset.Split;
import io.retort.spec.ObjectiveSpec;
import io.retort.spec.RelationTerm;
import io.retort.spec.TermSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a contrastive term takes from the rows that are trained on. */
final class ContrastRows {

  /** A float for each number of the embeddings by student and teacher. */
  private static final long BYTES_A_NUMBER = 2L * Float.BYTES;

  private static final long MOST_BYTES = 256L << 20;

  private final Split train;
  private @Nullable Integer others;

  ContrastRows(Split train) {
    this.train = train;
  }

  /**
   * The objective with the negatives of its contrastive terms counted.
   *
   * @param pointer of the objective in the job's spec
   * @throws PipelineException where the rows are too many to be remembered
   */
  ObjectiveSpec choose(ObjectiveSpec objective, String pointer) {
    List<TermSpec> chosen = new ArrayList<>();
    for (int i = 0; i < objective.terms().size(); i++) {
      TermSpec term = objective.terms().get(i);
      if (term instanceof RelationTerm.Contrast contrast) {
        check(contrast, pointer + "/terms/" + i);
        term = contrast.among(others());
      }
      chosen.add(term);
    }
    return objective.withTerms(chosen);
  }

  private void check(RelationTerm.Contrast term, String pointer) {
    long bytes = BYTES_A_NUMBER * train.size() * term.width();
    if (bytes > MOST_BYTES) {
      throw PipelineException.mismatch(
          "too_many_rows",
          pointer + "/width",
          "`%s` remembers every row: %,d rows at a width of %d take %,d MiB, and at most %d are kept; a width of up to %d fits."
              .formatted(
                  term.type(),
                  train.size(),
                  term.width(),
                  bytes >> 20,
                  MOST_BYTES >> 20,
                  MOST_BYTES / (BYTES_A_NUMBER * train.size())));
    }
  }

  /** Rows of other classes that every row has at least. */
  private int others() {
    if (others == null) {
      Map<Integer, Integer> sizes = new HashMap<>();
      for (int row = 0; row < train.size(); row++) {
        sizes.merge(train.label(row), 1, Integer::sum);
      }
      others = train.size() - sizes.values().stream().max(Integer::compare).orElse(0);
    }
    return others;
  }
}
