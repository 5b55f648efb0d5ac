package io.retort.model.foreign;

import io.retort.model.ModelFormat;
import io.retort.model.ModelInfo;
import java.io.IOException;
import java.nio.file.Path;

/**
 * DL4J's zips, read without DL4J's own ModelSerializer, which would deserialise whatever Java
 * objects lie in the file.
 */
final class Dl4jReader implements FormatReader {

  @Override
  public ModelInfo inspect(Path file) throws IOException {
    return read(file).inspect(ModelFormat.DL4J);
  }

  @Override
  public RunningModel open(Path file, Opening opening) throws IOException {
    return ArrayRunner.of(read(file), opening);
  }

  private static Dl4jNetwork read(Path file) throws IOException {
    Dl4jArchive archive = Dl4jArchive.read(file);
    Dl4jConfiguration.Checked configuration = Dl4jConfiguration.read(archive.configuration());
    return Dl4jNetwork.build(configuration, Dl4jCoefficients.read(archive.coefficients()));
  }
}
