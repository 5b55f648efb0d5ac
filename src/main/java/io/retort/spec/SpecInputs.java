package io.retort.spec;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a spec names of the service's own registry: ids as they are written, by JSON pointer.
 *
 * @param datasets uploaded ones
 * @param models teachers, and students that are gone on from
 */
public record SpecInputs(Map<String, String> datasets, Map<String, String> models) {

  private static final String UPLOAD = "dataset:";

  public static SpecInputs of(JobSpec spec) {
    SpecInputs inputs = new SpecInputs(new LinkedHashMap<>(), new LinkedHashMap<>());
    DatasetSpec data = spec.dataset();
    inputs.addUpload("/dataset/uri", data.uri());
    inputs.addUpload("/dataset/labels", data.labels());
    inputs.addPart("/dataset/validation", data.validation());
    inputs.addPart("/dataset/test", data.test());
    inputs.addTeacher("/teacher", spec.teacher());
    if (spec.student() != null) {
      inputs.addModel("/student/model", spec.student().model());
    }
    return inputs;
  }

  private void addPart(String pointer, @Nullable PartSpec part) {
    if (part != null) {
      addUpload(pointer + "/uri", part.uri());
      addUpload(pointer + "/labels", part.labels());
    }
  }

  private void addUpload(String pointer, @Nullable String uri) {
    if (uri != null && uri.toLowerCase(Locale.ROOT).startsWith(UPLOAD)) {
      datasets.put(pointer, uri.substring(UPLOAD.length()));
    }
  }

  private void addTeacher(String pointer, @Nullable TeacherSpec teacher) {
    if (teacher == null) {
      return;
    }
    addModel(pointer + "/model", teacher.model());
    if (teacher.ensemble() != null) {
      for (int i = 0; i < teacher.ensemble().size(); i++) {
        addTeacher(pointer + "/ensemble/" + i + "/teacher", teacher.ensemble().get(i).teacher());
      }
    }
  }

  private void addModel(String pointer, @Nullable String id) {
    if (id != null) {
      models.put(pointer, id);
    }
  }
}
