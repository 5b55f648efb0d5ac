package io.retort.dataset;

import java.nio.file.Path;

/** Finds datasets that were uploaded. */
public interface UploadedDatasets {

  /**
   * The file of an upload and the name it came with.
   *
   * @throws DatasetException where no such dataset exists
   */
  Upload find(String id);

  /** An uploaded file. */
  record Upload(Path content, String originalName) {}
}
