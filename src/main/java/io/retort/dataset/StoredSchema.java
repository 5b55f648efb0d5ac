package io.retort.dataset;

import io.retort.spec.DataFormat;
import java.util.List;

/**
 * What lies beside stored rows.
 *
 * @param shape as the file had it; a spec may say otherwise
 */
record StoredSchema(
    String fingerprint,
    DataFormat format,
    int rows,
    List<String> features,
    List<Integer> shape,
    List<String> classes,
    List<Integer> classCounts) {}
