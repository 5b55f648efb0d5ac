package io.retort.registry;

import io.retort.artifact.ContentStore;
import io.retort.artifact.StorageQuota;
import io.retort.artifact.StoredContent;
import io.retort.dataset.FormatGuess;
import io.retort.model.ModelInfo;
import io.retort.spec.DataFormat;
import io.retort.web.RequestException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.util.StringUtils;
import org.springframework.web.multipart.MultipartFile;

/** Takes files from callers. */
@Service
class Uploads {

  private static final int NAME_LENGTH = 200;

  private final UploadedFiles datasets;
  private final Models models;
  private final ModelReader reader;
  private final ContentStore contents;
  private final StorageQuota storage;

  Uploads(
      UploadedFiles datasets,
      Models models,
      ModelReader reader,
      ContentStore contents,
      StorageQuota storage) {
    this.storage = storage;
    this.datasets = datasets;
    this.models = models;
    this.reader = reader;
    this.contents = contents;
  }

  DatasetView dataset(MultipartFile file, @Nullable String name) {
    checkName(name);
    StoredContent content = stage(file);
    try {
      String original = originalName(file);
      DataFormat format = FormatGuess.of(content.staged(), original);
      contents.share(content);
      return datasets.add(nameOr(name, original), original, format, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      contents.discard(content);
    }
  }

  ModelView model(MultipartFile file, @Nullable String name) {
    checkName(name);
    StoredContent content = stage(file);
    try {
      ModelInfo info = reader.inspect(content.staged());
      contents.share(content);
      UUID id = models.add(null, "uploaded", nameOr(name, originalName(file)), info, content);
      return models.find(id);
    } finally {
      contents.discard(content);
    }
  }

  private StoredContent stage(MultipartFile file) {
    if (file.isEmpty()) {
      throw RegistryException.empty();
    }
    storage.check(file.getSize());
    try (InputStream in = file.getInputStream()) {
      return contents.stage(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Only the last part of a path, as some browsers send one; for display, never opened. */
  private static String originalName(MultipartFile file) {
    String sent =
        StringUtils.getFilename(
            StringUtils.cleanPath(
                String.valueOf(file.getOriginalFilename()).replace('\u0000', '_')));
    return StringUtils.hasText(sent) ? shortened(sent) : "upload";
  }

  private static void checkName(@Nullable String name) {
    if (name != null && name.codePointCount(0, name.length()) > NAME_LENGTH) {
      throw RequestException.parameter(
          "name", name.substring(0, 20) + "...", "of %d characters at most".formatted(NAME_LENGTH));
    }
  }

  private static String nameOr(@Nullable String name, String fallback) {
    return name != null && !name.isBlank() ? name.strip().replace('\u0000', '_') : fallback;
  }

  private static String shortened(String name) {
    return name.length() <= NAME_LENGTH ? name : name.substring(0, NAME_LENGTH);
  }
}
