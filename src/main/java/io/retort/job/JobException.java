package io.retort.job;

import io.retort.spec.Fault;
import io.retort.spec.RetortException;
import io.retort.spec.Violation;
import java.util.List;
import java.util.UUID;

/** Something that cannot be done with a job. */
public final class JobException extends RetortException {

  private JobException(Fault fault, String code, String message) {
    this(fault, code, message, List.of());
  }

  private JobException(Fault fault, String code, String message, List<Violation> violations) {
    super(fault, code, message, violations);
  }

  static JobException inputGone(String kind, String id, String pointer) {
    String message = "There is no %s %s; it may have been removed just now.".formatted(kind, id);
    return new JobException(
        Fault.DATA, "not_found", message, List.of(Violation.of(pointer, message)));
  }

  static JobException forbidden(UUID id, JobStatus from, JobStatus to) {
    return new JobException(
        Fault.CONFLICT,
        "wrong_status",
        "Job %s is %s; it cannot become %s.".formatted(id, from, to));
  }

  static JobException notFinal(UUID id, JobStatus status) {
    return new JobException(
        Fault.CONFLICT,
        "job_not_final",
        "Job %s is %s; cancel it and wait until it has ended, then delete it."
            .formatted(id, status));
  }

  static JobException alreadyFinal(UUID id, JobStatus status) {
    return new JobException(
        Fault.CONFLICT,
        "job_already_final",
        "Job %s is %s; there is nothing left to cancel.".formatted(id, status));
  }

  /** The report was asked for before there is one. */
  public static JobException reportNotReady(UUID id, JobStatus status) {
    return new JobException(
        Fault.CONFLICT,
        "report_not_ready",
        "Job %s is %s; its report exists once it has succeeded.".formatted(id, status));
  }

  /** The report of a job that makes none. */
  public static JobException noReport(UUID id) {
    return new JobException(
        Fault.CONFLICT,
        "no_report",
        "Job %s trained a teacher, so there is nothing to compare; see its artifact result.json."
            .formatted(id));
  }

  static JobException keyReused(String key, UUID job) {
    return new JobException(
        Fault.CONFLICT,
        "idempotency_key_reused",
        "The Idempotency-Key `%s` came with another body before and made job %s; use a new key for a new job."
            .formatted(key, job));
  }

  /** An attempt took longer than the operator allows. */
  public static JobException tookTooLong() {
    return new JobException(
        Fault.DATA,
        "took_too_long",
        "The job took longer than this service allows (retort.worker.longest-job); use fewer epochs, fewer rows or a smaller network.");
  }

  /** Too many workers were lost over a job that came further each time. */
  static JobException workersLost(int times) {
    return new JobException(
        Fault.UNAVAILABLE,
        "worker_lost",
        "The job has lost %d workers in all, more than this service allows (retort.jobs.lost-workers). Most likely they run out of memory. Use a smaller batch or network, or give the workers more memory; then submit the job again."
            .formatted(times));
  }

  /** A worker was lost too often. */
  public static JobException workerLost(int times) {
    return new JobException(
        Fault.UNAVAILABLE,
        "worker_lost",
        "The job's worker was lost %d times in a row without the job coming further, most likely because it ran out of memory. Use a smaller batch or network, or give the workers more memory; then submit the job again."
            .formatted(times));
  }
}
