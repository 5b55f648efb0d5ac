package io.retort.chore;

import com.github.kagkarlsson.scheduler.task.Task;

/**
 * Something that workers do beside the jobs. Not the library's task itself: beans of that type
 * would be taken for jobs by the jobs' scheduler.
 */
public interface Chore {

  /** What is done; queued by {@link ChoreQueue} or recurring. Takes seconds, not minutes. */
  Task<?> task();
}
