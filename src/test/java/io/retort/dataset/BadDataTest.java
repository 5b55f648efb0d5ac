package io.retort.dataset;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.retort.spec.Fault;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadDataTest {

  @TempDir Path directory;
  TestFiles files;

  @BeforeEach
  void open() throws Exception {
    files = new TestFiles(directory);
  }

  private void refused(String uri, String code, String... said) {
    refusedSpec("{\"uri\": \"" + uri + "\"}", code, said);
  }

  private void refusedSpec(String json, String code, String... said) {
    DatasetException e =
        catchThrowableOfType(DatasetException.class, () -> files.prepare(json, true));
    assertThat(e).as("refusal of " + json).isNotNull();
    assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
    assertThat(e.getMessage())
        .contains(List.of(said).isEmpty() ? List.of("") : List.of(said))
        .doesNotContain(files.root.toString());
    assertThat(e.fault()).isEqualTo(Fault.DATA);
    assertThat(e.violations()).singleElement().extracting("pointer").asString().startsWith("/data");
    assertThat(files.root.resolve("store").toFile().list()).isNullOrEmpty();
  }

  private void refusedText(String text, String code, String... said) {
    refused(files.text("bad.csv", text), code, said);
  }

  @Test
  void unknownSchemes() {
    refused("ftp://host/x.csv", "unknown_scheme", "\"ftp\"", "sample:, dataset:, file:");
    refused("train.csv", "unknown_scheme", "no scheme");
    refused("sample:mnist", "not_found", "sample:mnist1d");
  }

  @Test
  void filesOutsideTheRoots() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret.csv"), TestFiles.csv(10));
    Files.createSymbolicLink(files.files.resolve("link.csv"), secret);
    for (String uri :
        List.of(
            "file:" + secret,
            "file://" + secret,
            "file:../secret.csv",
            "file:%2e%2e/secret.csv",
            "file:link.csv",
            "file:/etc/passwd",
            "file:/no/such/file")) {
      refused(uri.replace("\\", "/"), "outside_file_roots", "retort.dataset.file-roots");
    }
  }

  @Test
  void whatPeopleTakeForADatasetIsToldWhatToDo() throws Exception {
    byte[] latin = "a,label\n1,\"x\"\n2,Gr\u00f6\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1);
    refused(files.bytes("latin.csv", latin), "bad_encoding", "Line 3", "UTF-8");
    byte[] wide = "\ufeffa,label\n1,x\n".getBytes(StandardCharsets.UTF_16LE);
    refused(files.bytes("wide.csv", wide), "bad_encoding", "UTF-16");
    refused(files.bytes("kaggle.zip", TestFiles.zip("a.csv", latin)), "bad_archive", "unpack");
    refusedText("[{\"a\": 1, \"label\": 2},\n{\"a\": 2}]", "bad_json", "lines=True");
    refusedText(",a,label\n0,1,x\n1,2,y\n", "bad_header", "Column 1", "index=False");
    refusedText("1.5,2,0\n1.7,3,1\n", "missing_label_column", "first line holds numbers");
    refusedText("a,target\n1.7,3\n", "missing_label_column", "dataset.label");
    refusedText("a;label\n1,7;3\n2,5;4\n", "text_in_numeric_column", "with a point");
    refusedText("a,label\n\"1,7\"x,3\n\"2,5;4\n", "bad_csv", "never closed");
  }

  @Test
  void textOfThousandsOfColumns() {
    String names = IntStream.range(0, 9_000).mapToObj(i -> "x" + i).collect(joining(","));
    String row = "1,".repeat(9_000);
    refusedText(names + ",label\n" + (row + "a\n" + row + "b\n").repeat(5), "too_wide", "Parquet");
  }

  @Test
  void filesThatAreNoFiles() throws Exception {
    refused("file:none.csv", "not_found", "none.csv");
    Files.createDirectory(files.files.resolve("folder"));
    refused("file:folder", "not_a_file");
    refused(files.text("empty.csv", ""), "empty_file");
    refused(files.bytes("big.csv", new byte[(1 << 20) + 1]), "too_large", "1,048,576");
  }

  @Test
  void csvThatIsNoTable() {
    refusedText("a,b,label\n1,2,x\n3,4\n5,6,y\n", "ragged_rows", "Line 3", "2 columns", "has 3");
    refusedText("a,b,label\n1,2,x\n3,4,y,9\n", "ragged_rows", "Line 3");
    refusedText("a,a,label\n1,2,x\n", "bad_header", "\"a\"");
    refusedText("a,,label\n1,2,x\n", "bad_header", "no name");
    refusedText("label\nx\ny\n", "bad_header", "no column besides");
    refusedText("a,label\n", "empty_dataset", "no rows");
    refusedText("a,label\n1,\"x\n2,y\n", "bad_csv");
  }

  @Test
  void missingColumns() {
    refusedText("a,lable\n1,x\n2,y\n", "missing_label_column", "did you mean \"lable\"", "\"a\"");
    String uri = files.text("t.csv", TestFiles.csv(10));
    refusedSpec(
        "{\"uri\": \"" + uri + "\", \"features\": [\"a\", \"c\"]}", "missing_column", "\"c\"");
  }

  @Test
  void cellsThatAreNoNumbers() {
    refusedText(
        "a,b,label\n1,2,x\n3,red,y\n", "text_in_numeric_column", "Row 2", "\"b\"", "\"red\"");
    refusedText("a,b,label\n1,2,x\n3,,y\n", "missing_value", "Row 2", "\"b\"", "empty");
    refusedText("a,b,label\n1,NaN,x\n3,4,y\n", "not_finite", "Row 1", "\"b\"", "NaN");
    refusedText("a,b,label\n1,2,x\n3,-inf,y\n", "not_finite", "Row 2", "infinite");
    refusedText("a,b,label\n1,2,x\n3,1e39,y\n", "not_finite", "Row 2", "infinite");
    refusedText("a,b,label\n1," + "z".repeat(500) + ",x\n", "text_in_numeric_column", "...");
  }

  @Test
  void labelsThatAreNoClasses() {
    refusedText("a,label\n1,x\n2,x\n", "one_class", "\"x\"");
    refusedText("a,label\n1,0.5\n2,1\n", "label_not_a_class", "row 1", "0.5");
    refusedText("a,label\n1,x\n2,\n", "missing_value", "Row 2 has no label");
    StringBuilder many = new StringBuilder("a,label\n");
    for (int i = 0; i < 60; i++) {
      many.append(i).append(",c").append(i).append('\n');
    }
    refusedText(many.toString(), "too_many_classes", "50");
  }

  @Test
  void brokenGzip() {
    byte[] packed = TestFiles.gzip(TestFiles.csv(200).getBytes(StandardCharsets.UTF_8));
    refused(files.bytes("t.csv.gz", Arrays.copyOf(packed, packed.length / 2)), "truncated_gzip");
    refused(files.bytes("h.csv.gz", Arrays.copyOf(packed, 5)), "truncated_gzip");
    packed[packed.length - 5] ^= 1;
    refused(files.bytes("c.csv.gz", packed), "truncated_gzip");
    refused(files.bytes("bomb.csv.gz", TestFiles.gzip(new byte[4 << 20])), "too_large", "unpacks");
  }

  @Test
  void binaryFilesOfNoKnownKind() {
    refused(files.bytes("t.csv", new byte[] {1, 2, 3, 4}), "unknown_format", "CSV, Parquet");
    refusedSpec(
        "{\"uri\": \"" + files.text("t.txt", TestFiles.csv(3)) + "\", \"format\": \"parquet\"}",
        "bad_parquet");
    files.text("y.csv", "1");
    refusedSpec(
        "{\"uri\": \"file:t.txt\", \"format\": \"idx\", \"labels\": \"file:y.csv\"}",
        "wrong_magic");
  }

  @Test
  void brokenParquet() throws Exception {
    files.parquet("t.parquet", "SELECT i AS a, i % 2 AS label FROM range(1000) t(i)");
    byte[] whole = Files.readAllBytes(files.files.resolve("t.parquet"));
    refused(files.bytes("cut.parquet", Arrays.copyOf(whole, whole.length - 20)), "bad_parquet");
    String uri =
        files.parquet("s.parquet", "SELECT {'x': i} AS a, i % 2 AS label FROM range(9) t(i)");
    refused(uri, "column_type", "\"a\"");
  }

  @Test
  void brokenJsonLines() {
    refused(files.text("t.jsonl", "{\"a\": 1, \"label\": 0}\n{\"a\": \n"), "bad_json", "Line");
    refused(files.text("u.jsonl", "[1, 2]\n"), "bad_json", "Line 1");
    refused(
        files.text("v.jsonl", "{\"a\": 1, \"label\": 0}\n{\"a\": {\"b\": 1}, \"label\": 1}\n"),
        "text_in_numeric_column",
        "Row 2");
  }

  @Test
  void deepJsonLines() {
    String deep = "[".repeat(200_000) + "]".repeat(200_000);
    refused(files.text("d.jsonl", "{\"a\": " + deep + ", \"label\": 0}\n"), "bad_json", "Line 1");
    String second = "{\"a\": 1, \"label\": 0}\n{\"a\": " + deep + ", \"label\": 1}\n";
    refused(files.text("e.jsonl", second), "text_in_numeric_column", "Row 2");
  }

  @Test
  void brokenNumpyFiles() {
    byte[] data = TestFiles.floats(ByteOrder.LITTLE_ENDIAN, 1, 2, 3, 4);
    files.bytes("y.npy", TestFiles.npy("|u1", "(2,)", new byte[] {0, 1}));
    refused(files.bytes("x.npy", TestFiles.npy("<f4", "(2, 2)", data)), "missing_labels");
    refusedArray(TestFiles.npy("<f4", "(3, 2)", data), "truncated_file");
    refusedArray(TestFiles.npy("<f4", "(1, 2)", data), "bad_header");
    refusedArray(TestFiles.npy("<f4", "(999999999999, 999999999999)", data), "bad_header");
    refusedArray(TestFiles.npy("<f4", "(99999999999999999999, 2)", data), "bad_shape");
    refusedArray(TestFiles.npy("<f4", "(2, -2)", data), "bad_header");
    refusedArray(TestFiles.npy("<f4", "(2 2,)", data), "bad_shape");
    refusedArray(TestFiles.npy("<f4", "(0, 2)", data), "bad_shape");
    refusedArray(TestFiles.npy("<f4", "(4,)", data), "bad_shape");
    refusedArray(TestFiles.npy("<f4", "(4, 1)", data), "length_mismatch", "4", "2");
    refusedArray(TestFiles.npy("|O", "(2, 2)", data), "bad_header");
    refusedArray(TestFiles.npy("<c8", "(2, 1)", data), "bad_type");
    refusedArray(
        TestFiles.npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", data),
        "fortran_order",
        "ascontiguousarray");
    refusedArray(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1}, "truncated_file");
  }

  private void refusedArray(byte[] npy, String code, String... said) {
    String uri = files.bytes("bad.npy", npy);
    refusedSpec("{\"uri\": \"" + uri + "\", \"labels\": \"file:y.npy\"}", code, said);
  }

  @Test
  void brokenArchives() {
    byte[] y = TestFiles.npy("|u1", "(2,)", new byte[] {0, 1});
    refused(files.bytes("one.npz", TestFiles.zip("y.npy", y)), "bad_archive", "\"y\"");
    refused(
        files.bytes("odd.npz", TestFiles.zip("p.npy", y, "q.npy", y)),
        "missing_label_column",
        "\"p\", \"q\"");
    byte[] whole = TestFiles.zip("x.npy", y, "y.npy", y);
    refused(files.bytes("cut.npz", Arrays.copyOf(whole, whole.length - 30)), "bad_archive");
    refused(
        files.bytes("bomb.npz", TestFiles.zip("x.npy", new byte[4 << 20], "y.npy", y)),
        "too_large");
  }

  @Test
  void brokenIdx() {
    files.bytes("y.idx", TestFiles.idx(new int[] {2}, 0, 1));
    String labels = "\", \"labels\": \"file:y.idx\"}";
    String cut = files.bytes("x.idx", TestFiles.idx(new int[] {2, 2, 2}, 1, 2, 3));
    refusedSpec("{\"uri\": \"" + cut + labels, "truncated_file");
    String huge = files.bytes("h.idx", TestFiles.idx(new int[] {-1, -1, -1}, 1));
    refusedSpec("{\"uri\": \"" + huge + labels, "bad_header");
    String type = files.bytes("t.idx", new byte[] {0, 0, 10, 2, 0, 0, 0, 1, 0, 0, 0, 1});
    refusedSpec("{\"uri\": \"" + type + labels, "wrong_magic");
  }

  @Test
  void partsThatDoNotFit() {
    String train = files.text("train.csv", TestFiles.csv(40));
    files.text("other.csv", "a,b,label\n1,2,no\n3,4,maybe\n");
    assertCode(train, "file:other.csv", "unknown_label");
    files.text("columns.csv", "a,c,label\n1,2,no\n3,4,yes\n");
    assertCode(train, "file:columns.csv", "columns_differ");
    files.text("text.csv", "a,b,label\n1,red,no\n3,4,yes\n");
    assertThat(assertCode(train, "file:text.csv", "text_in_numeric_column").violations())
        .singleElement()
        .extracting("pointer")
        .isEqualTo("/dataset/test/uri");
    refusedAfterIngest("{\"uri\": \"" + train + "\", \"shape\": [3, 3]}", "shape_mismatch");
    String few = files.text("few.csv", TestFiles.csv(3));
    refusedAfterIngest("{\"uri\": \"" + few + "\"}", "empty_part");
  }

  private DatasetException assertCode(String train, String test, String code) {
    return refusedAfterIngest(
        "{\"uri\": \"" + train + "\", \"test\": {\"uri\": \"" + test + "\"}}", code);
  }

  private DatasetException refusedAfterIngest(String json, String code) {
    DatasetException e =
        catchThrowableOfType(DatasetException.class, () -> files.prepare(json, true));
    assertThat(e.code()).isEqualTo(code);
    return e;
  }
}
