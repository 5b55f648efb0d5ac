package io.retort.training;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints as files, two of a training: they are named after how far they are, so that a worker
 * that was taken for dead and was not cannot put an older one before a newer.
 */
final class CheckpointFiles implements Checkpoints {

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointFiles.class);
  private static final int KEPT = 2;
  private static final String ENDING = ".checkpoint";

  private final CheckpointPlace place;
  private final String prefix;
  private final String identity;
  private long last = System.nanoTime();

  CheckpointFiles(CheckpointPlace place, String name, String identity) {
    this.place = place;
    this.prefix = name + "-";
    this.identity = identity;
  }

  @Override
  public @Nullable Checkpoint latest() {
    try {
      for (Path file : newestFirst()) {
        try {
          Checkpoint found = CheckpointFormat.read(Files.readAllBytes(file), identity);
          if (found != null) {
            return found;
          }
          LOG.info("{} is of another training", file.getFileName());
        } catch (IOException e) {
          LOG.warn("{} is damaged, the one before it is used", file.getFileName());
        }
      }
    } catch (IOException e) {
      LOG.warn("The checkpoints cannot be read: {}", e.toString());
    }
    return null;
  }

  @Override
  public boolean due() {
    return System.nanoTime() - last >= place.every().toNanos();
  }

  @Override
  public boolean leaving() {
    return place.leaving().getAsBoolean();
  }

  @Override
  public void keep(Checkpoint checkpoint) {
    try {
      write(checkpoint);
      place.kept().run();
      for (Path old : newestFirst().stream().skip(KEPT).toList()) {
        Files.deleteIfExists(old);
      }
    } catch (IOException e) {
      LOG.warn("A checkpoint could not be written: {}", e.toString());
    }
    last = System.nanoTime();
  }

  /** The directory is not made anew: it went when the job ended. */
  private void write(Checkpoint checkpoint) throws IOException {
    long position = (long) checkpoint.number(TrainingLoop.POSITION);
    Path file = place.directory().resolve("%s%016d%s".formatted(prefix, position, ENDING));
    Path beside = place.directory().resolve(UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel out =
          FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (ByteBuffer part : CheckpointFormat.write(checkpoint, identity)) {
          while (part.hasRemaining()) {
            out.write(part);
          }
        }
        out.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
    try (FileChannel directory = FileChannel.open(place.directory(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private List<Path> newestFirst() throws IOException {
    try (Stream<Path> all = Files.list(place.directory())) {
      return all.filter(p -> isOwn(p.getFileName().toString()))
          .sorted(Comparator.comparing((Path p) -> p.getFileName().toString()).reversed())
          .toList();
    }
  }

  private boolean isOwn(String file) {
    return file.startsWith(prefix) && file.endsWith(ENDING);
  }
}
