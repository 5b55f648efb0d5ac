package io.retort.registry;

/** What the registry keeps, by where it comes from. */
public enum RegistryKind {
  DATASET("dataset", "true"),
  MODEL("model", "true"),
  UPLOADED_MODEL("model", "role = 'uploaded'"),
  /** By a job. */
  MADE_MODEL("model", "role <> 'uploaded'");

  private final String table;
  private final String condition;

  RegistryKind(String table, String condition) {
    this.table = table;
    this.condition = condition;
  }

  /** Also what callers call it. */
  String table() {
    return table;
  }

  /** Which of the table's rows. */
  String condition() {
    return condition;
  }
}
