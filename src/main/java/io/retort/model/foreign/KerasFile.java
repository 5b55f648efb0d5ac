package io.retort.model.foreign;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import io.retort.spec.SpecReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a Keras file holds, read by jHDF, which is plain Java.
 *
 * @param model the model's configuration
 * @param weights by layer, in the order in which Keras keeps them; in HDF5 files by name. A layer
 *     of a model that is a layer itself has that one's name before its own
 * @param parameters numbers in all of them
 */
record KerasFile(JsonNode model, Map<String, Map<String, KerasWeight>> weights, long parameters) {

  private static final int MAX_CONFIGURATION = 16 << 20;
  private static final int MAX_DEPTH = 16;

  /** HDF5, as Keras 1 to 3 write it: the configuration is an attribute. */
  static KerasFile h5(Path file) throws IOException {
    checkWhole(file);
    try (HdfFile hdf = new HdfFile(file)) {
      if (hdf.getAttribute("model_config") == null
          || !(hdf.getChild("model_weights") instanceof Group layers)) {
        throw ForeignModelException.damaged(
            "the HDF5 file holds no whole Keras model; save the model, not its weights alone");
      }
      Map<String, Map<String, KerasWeight>> weights = new HashMap<>();
      long parameters = 0;
      for (Node layer : layers.getChildren().values()) {
        if (layer instanceof Group group) {
          Map<String, Map<String, KerasWeight>> inside = new LinkedHashMap<>();
          byGroup(group, inside, 0);
          Map<String, KerasWeight> all = new LinkedHashMap<>();
          inside.forEach((name, own) -> weights.put(layer.getName() + "/" + name, own));
          inside.values().forEach(all::putAll);
          weights.put(layer.getName(), all);
          parameters += numbers(inside);
        }
      }
      Object config = hdf.getAttribute("model_config").getData();
      return new KerasFile(
          json(String.valueOf(config).getBytes(StandardCharsets.UTF_8)), weights, parameters);
    } catch (HdfException | ClassCastException | IllegalArgumentException e) {
      throw ForeignModelException.damaged("its HDF5 structure cannot be read");
    }
  }

  /** Keras 3's zip: the configuration as JSON beside an HDF5 file of the weights. */
  static KerasFile zip(Path file) throws IOException {
    byte[] config = new byte[0];
    Path unpacked = Path.of("weights.h5").toAbsolutePath();
    Files.deleteIfExists(unpacked);
    long most = 4 * Files.size(file) + (1 << 20);
    List<String> seen = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        if (seen.contains(e.getName())) {
          throw ForeignModelException.damaged("it has two entries of one name");
        }
        seen.add(e.getName());
        switch (e.getName()) {
          case "config.json" -> config = zip.readNBytes(MAX_CONFIGURATION);
          case "model.weights.h5" -> unpack(zip, unpacked, most);
          case "metadata.json" -> {}
          default ->
              throw ForeignModelException.unsupported(
                  "The zip has an entry %s, which is not read."
                      .formatted(Names.shown(e.getName())));
        }
      }
    } catch (ZipException | EOFException e) {
      throw ForeignModelException.damaged("it ends too early or its zip structure is broken");
    }
    JsonNode model = json(config);
    if (!Files.exists(unpacked)) {
      throw ForeignModelException.damaged("it has no model.weights.h5");
    }
    checkWhole(unpacked);
    try (HdfFile hdf = new HdfFile(unpacked)) {
      Map<String, Map<String, KerasWeight>> weights = numbered(hdf);
      return new KerasFile(model, weights, numbers(weights));
    } catch (HdfException | ClassCastException | IllegalArgumentException e) {
      throw ForeignModelException.damaged("its HDF5 structure cannot be read");
    } finally {
      Files.deleteIfExists(unpacked);
    }
  }

  /** HDF5's superblock says where the file ends; it lies elsewhere in versions 0, 1 and 2 on. */
  private static void checkWhole(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(52);
    }
    int at = head.length < 52 ? 0 : head[8] == 0 ? 40 : head[8] == 1 ? 44 : 28;
    if (at == 0
        || ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong(at) > Files.size(file)) {
      throw ForeignModelException.damaged("its HDF5 file ends too early");
    }
  }

  private static void unpack(InputStream from, Path to, long most) throws IOException {
    byte[] content = from.readNBytes((int) Math.min(most, 1 << 30));
    if (from.read() >= 0) {
      throw ForeignModelException.damaged("its weights are larger than the file lets expect");
    }
    Files.write(to, content);
  }

  /** Keras 3 numbers a layer's weights and keeps the layer's name beside them. */
  private static Map<String, Map<String, KerasWeight>> numbered(HdfFile hdf) {
    Map<String, Map<String, KerasWeight>> weights = new HashMap<>();
    numbered(hdf, "", weights, 0);
    return weights;
  }

  /** Layers of models that are layers themselves have their names before theirs. */
  private static void numbered(
      Group model, String scope, Map<String, Map<String, KerasWeight>> weights, int depth) {
    if (depth > MAX_DEPTH || !(model.getChild("layers") instanceof Group layers)) {
      return;
    }
    for (Node layer : layers.getChildren().values()) {
      if (layer instanceof Group group && group.getChild("vars") instanceof Group vars) {
        Map<String, KerasWeight> named = new LinkedHashMap<>();
        gather(vars, named, 0);
        String name =
            vars.getAttribute("name") == null
                ? layer.getName()
                : String.valueOf(vars.getAttribute("name").getData());
        weights.put(scope + name, named);
        numbered(group, scope + name + "/", weights, depth + 1);
      }
    }
  }

  /**
   * HDF5 files keep the weights of a model that is a layer in one group, under paths that end in
   * the layer's name. Two layers of one name there are told apart by nothing and not read.
   */
  private static void byGroup(
      Group group, Map<String, Map<String, KerasWeight>> weights, int depth) {
    Map<String, KerasWeight> named = new LinkedHashMap<>();
    for (Node node : group.getChildren().values()) {
      if (node instanceof Group child && depth < MAX_DEPTH) {
        byGroup(child, weights, depth + 1);
      } else if (node instanceof Dataset data && !KerasWeight.counts(data)) {
        named.put(node.getName().replaceFirst(":\\d+$", ""), KerasWeight.of(data));
      }
    }
    if (!named.isEmpty()) {
      weights.merge(group.getName(), named, (one, other) -> Map.of());
    }
  }

  private static void gather(Group group, Map<String, KerasWeight> into, int depth) {
    for (Node node : group.getChildren().values()) {
      if (node instanceof Dataset data && !KerasWeight.counts(data)) {
        into.put(node.getName().replaceFirst(":\\d+$", ""), KerasWeight.of(data));
      } else if (node instanceof Group child && depth < MAX_DEPTH) {
        gather(child, into, depth + 1);
      }
    }
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return SpecReader.mapper().readTree(bytes);
    } catch (JacksonException e) {
      throw ForeignModelException.damaged("its configuration is no JSON");
    }
  }

  private static long numbers(Map<String, Map<String, KerasWeight>> weights) {
    return weights.values().stream()
        .flatMap(named -> named.values().stream())
        .mapToLong(weight -> weight.values().length)
        .sum();
  }
}
