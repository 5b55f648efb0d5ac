package io.retort.serving;

import io.retort.model.foreign.ForeignModels;
import io.retort.registry.ModelReader;
import io.retort.spec.TeacherSpec;
import io.retort.teacher.ForeignTeacher;
import io.retort.teacher.Reading;
import io.retort.teacher.Teacher;
import io.retort.training.InferenceNetwork;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/** Opens models for serving: the service's own here, any other in a process of its own. */
@Component
class OpenModel {

  /** A network of ours computes full batches; single rows should not wait for a large one. */
  private static final int OWN_BATCH = 64;

  private static final int FOREIGN_BATCH = 256;
  private static final int THREADS = 1;

  private final ModelReader reader;
  private final ForeignModels foreign;

  OpenModel(ModelReader reader, ForeignModels foreign) {
    this.reader = reader;
    this.foreign = foreign;
  }

  Teacher open(Servable servable) {
    if (servable.isOwn()) {
      return InferenceNetwork.open(reader.read(servable.model().file()), OWN_BATCH, THREADS);
    }
    List<String> columns =
        IntStream.range(0, servable.columns()).mapToObj(String::valueOf).toList();
    Reading reading =
        Reading.of(
            foreign,
            servable.model(),
            TeacherSpec.ofModel(servable.model().sha256()),
            new Reading.Dataset(columns, servable.shape(), servable.classes()),
            "");
    return ForeignTeacher.open(
        foreign, servable.model(), reading, servable.columns(), List.of(), FOREIGN_BATCH, THREADS);
  }
}
