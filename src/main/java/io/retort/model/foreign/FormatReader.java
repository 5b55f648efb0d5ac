package io.retort.model.foreign;

import io.retort.model.ModelInfo;
import java.io.IOException;
import java.nio.file.Path;

/** Reads the files of one format; used in the process of models only. */
interface FormatReader {

  /** Looks at everything in a file, and runs it once where that tells more. */
  ModelInfo inspect(Path file) throws IOException;

  RunningModel open(Path file, Opening opening) throws IOException;
}
