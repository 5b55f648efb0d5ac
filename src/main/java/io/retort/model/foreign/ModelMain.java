package io.retort.model.foreign;

import io.retort.spec.RetortException;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process of models: reads one file of a stranger, answers what is in it or computes with it,
 * and ends with the service that started it.
 */
public final class ModelMain {

  private ModelMain() {}

  /**
   * @param args the socket on which the service listens
   */
  public static void main(String[] args) throws IOException {
    endWithTheService();
    try (Wire wire = new Wire(SocketChannel.open(UnixDomainSocketAddress.of(args[0])))) {
      serve(wire, wire.receive(Request.class));
    } catch (EOFException e) {
      // the service wants no more
    }
    // native threads must not keep the process alive
    Runtime.getRuntime().halt(0);
  }

  /** The service holds the other end of standard input for as long as it lives. */
  private static void endWithTheService() {
    Thread watch =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {}
              } catch (IOException e) {
                // as good as the end
              }
              Runtime.getRuntime().halt(0);
            },
            "end-with-the-service");
    watch.setDaemon(true);
    watch.start();
  }

  private static void serve(Wire wire, Request request) throws IOException {
    Path file = Path.of(request.file());
    Opening opening = request.opening();
    try {
      FormatReader reader = Formats.reader(file);
      if (opening == null) {
        wire.send(new Reply(reader.inspect(file), null, null));
        return;
      }
      try (RunningModel model = reader.open(file, opening)) {
        wire.send(new Reply(null, model.outputs(), null));
        compute(wire, model, opening);
      }
    } catch (RetortException e) {
      wire.send(Reply.problem(e.code(), e.getMessage()));
    } catch (EOFException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError e) {
      e.printStackTrace();
      wire.send(Reply.problem("damaged_model", unreadable(e)));
    }
  }

  private static String unreadable(Throwable e) {
    return "The model file cannot be read: " + e.getClass().getSimpleName() + ".";
  }

  private static void compute(Wire wire, RunningModel model, Opening opening) throws IOException {
    List<Integer> inputSizes = opening.inputSizes();
    List<FloatBuffer> inputs = new ArrayList<>();
    List<FloatBuffer> outputs = new ArrayList<>();
    int room = 0;
    while (true) {
      int rows = wire.number();
      if (rows > room) {
        room = rows;
        inputs = buffers(inputSizes, rows);
        outputs = buffers(model.outputs().stream().map(o -> o.size()).toList(), rows);
      }
      for (int i = 0; i < inputs.size(); i++) {
        wire.receive(inputs.get(i), rows * inputSizes.get(i));
      }
      @Nullable Reply failure = run(model, inputs, rows, outputs);
      wire.send(failure == null ? new Reply(null, null, null) : failure);
      if (failure != null) {
        return;
      }
      for (int o = 0; o < outputs.size(); o++) {
        wire.floats(outputs.get(o), rows * model.outputs().get(o).size());
      }
    }
  }

  private static @Nullable Reply run(
      RunningModel model, List<FloatBuffer> inputs, int rows, List<FloatBuffer> outputs) {
    try {
      model.run(inputs, rows, outputs);
      return null;
    } catch (RetortException e) {
      return Reply.problem(e.code(), e.getMessage());
    } catch (RuntimeException e) {
      e.printStackTrace();
      return Reply.problem("model_failed", "The model cannot compute these rows.");
    }
  }

  private static List<FloatBuffer> buffers(List<Integer> sizes, int rows) {
    return sizes.stream()
        .map(
            size ->
                ByteBuffer.allocateDirect(
                        Math.multiplyExact(Math.multiplyExact(size, rows), Float.BYTES))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer())
        .toList();
  }
}
