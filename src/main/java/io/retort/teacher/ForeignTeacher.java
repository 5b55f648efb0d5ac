package io.retort.teacher;

import io.retort.model.StoredModel;
import io.retort.model.foreign.ForeignModel;
import io.retort.model.foreign.ForeignModels;
import io.retort.model.foreign.Opening;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** A model of another framework as a teacher; it computes in a process of its own. */
public final class ForeignTeacher implements Teacher {

  private final ForeignModel model;
  private final String fingerprint;
  private final Reading reading;
  private final int columns;
  private final int maxBatch;
  private final List<Tap> taps;
  private final List<FloatBuffer> inputs;
  private final FloatBuffer output;

  private ForeignTeacher(
      ForeignModel model, String fingerprint, Reading reading, int columns, int maxBatch) {
    this.model = model;
    this.fingerprint = fingerprint;
    this.reading = reading;
    this.columns = columns;
    this.maxBatch = maxBatch;
    this.taps = model.outputs().stream().skip(1).map(o -> new Tap(o.name(), o.shape())).toList();
    this.inputs = reading.feeds().stream().map(feed -> floats(feed.size() * maxBatch)).toList();
    this.output = floats(reading.width() * maxBatch);
  }

  /**
   * @param columns features of a row of the dataset
   * @param taps names of the tensors to read beside the logits
   * @param threads compute threads, at most
   * @throws io.retort.spec.RetortException where the model cannot be opened
   */
  public static ForeignTeacher open(
      ForeignModels models,
      StoredModel model,
      Reading reading,
      int columns,
      List<String> taps,
      int maxBatch,
      int threads) {
    List<String> wanted = new ArrayList<>(List.of(reading.output()));
    wanted.addAll(taps);
    Opening opening =
        new Opening(reading.feeds().stream().map(Feed::shape).toList(), wanted, threads);
    return new ForeignTeacher(
        models.open(model.file(), opening),
        Fingerprints.of(model.sha256(), reading),
        reading,
        columns,
        maxBatch);
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public List<String> classes() {
    return reading.classes();
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public int maxBatch() {
    return maxBatch;
  }

  @Override
  public List<Tap> taps() {
    return taps;
  }

  @Override
  public void compute(FloatBuffer features, int rows, FloatBuffer logits, List<FloatBuffer> into) {
    for (int i = 0; i < inputs.size(); i++) {
      reading.feeds().get(i).gather(features, columns, rows, inputs.get(i));
    }
    List<FloatBuffer> outputs = new ArrayList<>(List.of(output));
    for (int t = 0; t < taps.size(); t++) {
      outputs.add(into.isEmpty() ? floats(taps.get(t).size() * rows) : into.get(t));
    }
    model.run(inputs, rows, outputs);
    LogitForm.convert(reading.kind(), reading.width(), output, rows, logits);
  }

  @Override
  public void close() {
    model.close();
  }
}
