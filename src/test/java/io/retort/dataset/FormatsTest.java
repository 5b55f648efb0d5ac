package io.retort.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.retort.spec.Cancellation;
import io.retort.spec.DataFormat;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatsTest {

  @TempDir Path directory;
  TestFiles files;

  @BeforeEach
  void open() throws Exception {
    files = new TestFiles(directory);
  }

  private DatasetPreview preview(String uri, String more) {
    return files.datasets.preview(
        TestFiles.spec("{\"uri\": \"" + uri + "\"" + more + "}"), 100, Cancellation.NONE);
  }

  @Test
  void readsCsvWithAnyDelimiterQuotesAndByteOrderMark() {
    for (char d : new char[] {',', ';', '\t', '|'}) {
      String text = "\uFEFFa,\"b c\",label\r\n1.5,-2,\"x, y\"\r\n3,4e1,z\r\n".replace(',', d);
      DatasetPreview p = preview(files.text("t" + (int) d + ".csv", text), "");
      assertThat(p.info().format()).isEqualTo(DataFormat.CSV);
      assertThat(p.info().features()).containsExactly("a", "b c");
      assertThat(p.rows()).containsExactly(List.of(1.5f, -2f), List.of(3f, 40f));
      assertThat(p.labels()).containsExactly(("x, y").replace(',', d), "z");
    }
  }

  @Test
  void picksTheFeaturesThatAreNamed() {
    String uri = files.text("t.csv", "id,a,b,kind\nq,1,2,x\nr,3,4,y\n");
    DatasetPreview p = preview(uri, ", \"label\": \"kind\", \"features\": [\"b\", \"a\"]");
    assertThat(p.info().features()).containsExactly("b", "a");
    assertThat(p.rows().get(0)).containsExactly(2f, 1f);
  }

  @Test
  void readsGzippedCsv() {
    String uri =
        files.bytes("t.csv.gz", TestFiles.gzip(TestFiles.csv(4).getBytes(StandardCharsets.UTF_8)));
    assertThat(preview(uri, "").labels()).containsExactly("no", "yes", "no", "yes");
  }

  @Test
  void readsJsonLines() {
    String uri =
        files.text(
            "t.jsonl",
            "{\"a\": 1, \"b\": 2.5, \"label\": \"x\"}\n{\"b\": 4, \"a\": 3, \"label\": \"y\"}\n");
    DatasetPreview p = preview(uri, "");
    assertThat(p.info().format()).isEqualTo(DataFormat.JSONL);
    assertThat(p.rows()).containsExactly(List.of(1f, 2.5f), List.of(3f, 4f));
  }

  @Test
  void readsParquet() throws Exception {
    String uri =
        files.parquet(
            "t.parquet",
            "SELECT i::DOUBLE / 2 AS a, i::TINYINT AS b, i > 1 AS label FROM range(4) t(i)");
    DatasetPreview p = preview(uri, "");
    assertThat(p.info().format()).isEqualTo(DataFormat.PARQUET);
    assertThat(p.rows().get(3)).containsExactly(1.5f, 3f);
    assertThat(p.info().classes()).containsExactly("false", "true");
  }

  @Test
  void readsNpyOfEitherByteOrder() {
    byte[] big = TestFiles.floats(ByteOrder.BIG_ENDIAN, 1, 2, 3, 4);
    byte[] little = TestFiles.floats(ByteOrder.LITTLE_ENDIAN, 1, 2, 3, 4);
    files.bytes("y.npy", TestFiles.npy("|i1", "(2,)", new byte[] {0, 1}));
    String labels = ", \"labels\": \"file:y.npy\"";
    for (String uri :
        List.of(
            files.bytes("big.npy", TestFiles.npy(">f4", "(2, 2)", big)),
            files.bytes("little.npy", TestFiles.npy("<f4", "(2, 2)", little)))) {
      assertThat(preview(uri, labels).rows()).containsExactly(List.of(1f, 2f), List.of(3f, 4f));
    }
  }

  @Test
  void readsHalfPrecision() {
    assertThat(BinaryArray.half((short) 0x3C00)).isEqualTo(1f);
    assertThat(BinaryArray.half((short) 0xC000)).isEqualTo(-2f);
    assertThat(BinaryArray.half((short) 0x7BFF)).isEqualTo(65504f);
    assertThat(BinaryArray.half((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(BinaryArray.half((short) 0x7C00)).isInfinite();
    assertThat(BinaryArray.half((short) 0x7E00)).isNaN();
  }

  @Test
  void readsNpzByCustomaryNamesAndByTheLabelsName() {
    byte[] x =
        TestFiles.npy("<f4", "(2, 1, 2, 1)", TestFiles.floats(ByteOrder.LITTLE_ENDIAN, 1, 2, 3, 4));
    byte[] y = TestFiles.npy("|u1", "(2,)", new byte[] {7, 9});
    DatasetPreview custom =
        preview(files.bytes("c.npz", TestFiles.zip("x.npy", x, "y.npy", y)), "");
    assertThat(custom.info().shape()).containsExactly(1, 2, 1);
    assertThat(custom.labels()).containsExactly("7", "9");
    DatasetPreview named =
        preview(
            files.bytes("n.npz", TestFiles.zip("kind.npy", y, "pixels.npy", x)),
            ", \"label\": \"kind\"");
    assertThat(named.rows().get(1)).containsExactly(3f, 4f);
  }

  @Test
  void readsIdxPairsPackedAndPlain() {
    byte[] images = TestFiles.idx(new int[] {3, 2, 2}, 0, 1, 2, 255, 4, 5, 6, 7, 8, 9, 10, 11);
    byte[] labels = TestFiles.idx(new int[] {3}, 5, 0, 5);
    files.bytes("labels.gz", TestFiles.gzip(labels));
    String uri = files.bytes("images-idx3-ubyte.gz", TestFiles.gzip(images));
    DatasetPreview p = preview(uri, ", \"labels\": \"file:labels.gz\"");
    assertThat(p.info().format()).isEqualTo(DataFormat.IDX);
    assertThat(p.info().shape()).containsExactly(1, 2, 2);
    assertThat(p.rows().get(0)).containsExactly(0f, 1f, 2f, 255f);
    assertThat(p.info().classes()).containsExactly("0", "5");
    assertThat(p.info().classCounts()).containsExactly(1, 2);
  }

  @Test
  void classesAreOrderedByNumberWhereAllAreNumbers() {
    String numbers = files.text("n.csv", "a,label\n1,10\n2,9.0\n3,-1\n4,9\n");
    assertThat(preview(numbers, "").info().classes()).containsExactly("-1", "9", "10");
    String names = files.text("m.csv", "a,label\n1,10\n2,9\n3,b\n");
    assertThat(preview(names, "").info().classes()).containsExactly("10", "9", "b");
  }

  @Test
  void theSameBytesAreReadOnce() throws Exception {
    String uri = files.text("t.csv", TestFiles.csv(50));
    String first = preview(uri, "").info().fingerprint();
    Path stores = files.root.resolve("store");
    assertThat(stores.toFile().list()).hasSize(1);
    long modified = stores.toFile().listFiles()[0].lastModified();
    assertThat(preview(uri, "").info().fingerprint()).isEqualTo(first);
    assertThat(stores.toFile().listFiles()[0].lastModified()).isEqualTo(modified);
    assertThat(files.root.resolve("tmp").toFile().list()).isEmpty();
  }
}
