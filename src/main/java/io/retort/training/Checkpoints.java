package io.retort.training;

import org.jspecify.annotations.Nullable;

/** Where one training leaves its state and finds it again. */
interface Checkpoints {

  /** Keeps nothing. */
  Checkpoints NONE =
      new Checkpoints() {
        @Override
        public @Nullable Checkpoint latest() {
          return null;
        }

        @Override
        public boolean due() {
          return false;
        }

        @Override
        public boolean leaving() {
          return false;
        }

        @Override
        public void keep(Checkpoint checkpoint) {}
      };

  /** The last whole one of the same training; null where there is none. */
  @Nullable Checkpoint latest();

  /** Whether it is time for another; asked after every step. */
  boolean due();

  /** Whether the training is being interrupted by someone who will go on with it. */
  boolean leaving();

  /** Writes one. What cannot be written is given up: the training is worth more than its backup. */
  void keep(Checkpoint checkpoint);
}
