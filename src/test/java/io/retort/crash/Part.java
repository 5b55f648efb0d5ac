package io.retort.crash;

/** What becomes of a job, one after the other. */
enum Part {
  QUEUED,
  PREPARING,
  TEACHING,
  LABELLING,
  NEIGHBOURS,
  TWIN,
  TRAINING,
  EVALUATING,
  EXPORTING,
  /** Its files are stored, and its last status is written. */
  KEEPING,
  ENDED
}
