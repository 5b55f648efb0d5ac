package io.retort.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.retort.spec.Cancellation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features that are lists of numbers in one column, and columns of true and false. */
class ListColumnsTest {

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

  private void refused(String uri, String more, String code, String message) {
    DatasetException e = catchThrowableOfType(DatasetException.class, () -> preview(uri, more));
    assertThat(e).as("refusal of " + uri).isNotNull();
    assertThat(e.getMessage()).isEqualTo(message);
    assertThat(e.code()).isEqualTo(code);
  }

  private void refusedLines(String code, String message, String... lines) {
    refused(files.text("bad.jsonl", String.join("\n", lines) + "\n"), "", code, message);
  }

  private String parquet(String rows) throws Exception {
    return files.parquet("t.parquet", "SELECT * FROM (VALUES " + rows + ") t(e, label)");
  }

  @Test
  void listsOfParquetOfAnyLengthOrFixedOne() throws Exception {
    for (String type : List.of("FLOAT[3]", "DOUBLE[]", "DECIMAL(9, 2)[]", "FLOAT[]")) {
      String uri =
          parquet("([1.5, -2, 0]::%s, 'a'), ([3, 4.25, 1e3]::%s, 'b')".formatted(type, type));
      DatasetPreview p = preview(uri, "");
      assertThat(p.info().features()).containsExactly("e[0]", "e[1]", "e[2]");
      assertThat(p.info().shape()).containsExactly(3);
      assertThat(p.rows()).containsExactly(List.of(1.5f, -2f, 0f), List.of(3f, 4.25f, 1000f));
      assertThat(p.labels()).containsExactly("a", "b");
    }
    String bytes = parquet("([0, 255]::UTINYINT[], 'a'), ([1, 2]::UTINYINT[], 'b')");
    assertThat(preview(bytes, "").rows()).containsExactly(List.of(0f, 255f), List.of(1f, 2f));
    String truths = parquet("([true, false], 'a'), ([false, true], 'b')");
    assertThat(preview(truths, "").rows()).containsExactly(List.of(1f, 0f), List.of(0f, 1f));
  }

  @Test
  void nestedListsRowMajorAndTheirShape() throws Exception {
    DatasetPreview image =
        preview(parquet("([[1, 2, 3], [4, 5, 6]], 'a'), ([[7, 8, 9], [10, 11, 12]], 'b')"), "");
    assertThat(image.info().shape()).containsExactly(1, 2, 3);
    assertThat(image.info().features()).startsWith("e[0][0]", "e[0][1]").endsWith("e[1][2]");
    assertThat(image.rows().get(1)).containsExactly(7f, 8f, 9f, 10f, 11f, 12f);
    DatasetPreview colours =
        preview(
            parquet("([[[1, 2]], [[3, 4]], [[5, 6]]], 'a'), ([[[7, 8]], [[9, 0]], [[1, 2]]], 'b')"),
            "");
    assertThat(colours.info().shape()).containsExactly(3, 1, 2);
    assertThat(colours.rows().get(1)).containsExactly(7f, 8f, 9f, 0f, 1f, 2f);
    assertThat(colours.info().features().get(4)).isEqualTo("e[2][0][0]");
    DatasetPreview flat =
        preview(parquet("([[1], [2]], 'a'), ([[3], [4]], 'b')"), ", \"shape\": [2]");
    assertThat(flat.info().shape()).containsExactly(2);
  }

  @Test
  void listsOfJsonLines() {
    String uri =
        files.text(
            "t.jsonl",
            """
            {"e": [1, 2.5], "n": [[1,2], [3,4]], "label": "a"}
            {"n": [[-1, 5e-1], [0, 9]], "e": [ 3,4 ], "label": "b"}
            """);
    DatasetPreview p = preview(uri, "");
    assertThat(p.info().features())
        .containsExactly("e[0]", "e[1]", "n[0][0]", "n[0][1]", "n[1][0]", "n[1][1]");
    assertThat(p.info().shape()).containsExactly(6);
    assertThat(p.rows())
        .containsExactly(List.of(1f, 2.5f, 1f, 2f, 3f, 4f), List.of(3f, 4f, -1f, .5f, 0f, 9f));
    assertThat(preview(uri, ", \"features\": [\"n\"]").info().shape()).containsExactly(1, 2, 2);
  }

  @Test
  void listsBesideNumbersAndByName() throws Exception {
    String uri =
        files.parquet(
            "t.parquet",
            "SELECT i AS a, [i, i * 10] AS e, -i AS b, 'x' || i AS label FROM range(1, 4) t(i)");
    assertThat(preview(uri, "").info().features()).containsExactly("a", "e[0]", "e[1]", "b");
    assertThat(preview(uri, "").rows().get(1)).containsExactly(2f, 2f, 20f, -2f);
    DatasetPreview chosen = preview(uri, ", \"features\": [\"b\", \"e\"]");
    assertThat(chosen.info().features()).containsExactly("b", "e[0]", "e[1]");
    assertThat(chosen.rows().get(2)).containsExactly(-3f, 3f, 30f);
    DatasetPreview one = preview(uri, ", \"features\": [\"e[1]\", \"a\"]");
    assertThat(one.info().features()).containsExactly("e[1]", "a");
    assertThat(one.rows().get(2)).containsExactly(30f, 3f);
    String there = "The columns are: \"a\", \"e\", \"b\", \"label\".";
    for (String none : List.of("e[2]", "a[0]", "e[0][0]", "e[00]")) {
      DatasetException e =
          catchThrowableOfType(
              DatasetException.class, () -> preview(uri, ", \"features\": [\"" + none + "\"]"));
      assertThat(e.code()).isEqualTo("missing_column");
      assertThat(e.getMessage()).contains("\"" + none + "\"").endsWith(there);
    }
    refused(
        uri,
        ", \"features\": [\"e\", \"e[0]\"]",
        "bad_header",
        "Two features are called \"e[0]\".");
  }

  @Test
  void rowsOfOtherLengths() throws Exception {
    String ragged =
        "Row 2, column \"e\" has %d numbers, but the first row has 3; every row needs the same.";
    refused(parquet("([1, 2, 3], 'a'), ([1, 2], 'b')"), "", "ragged_rows", ragged.formatted(2));
    refused(
        parquet("([1, 2, 3], 'a'), ([1, 2, 3, 4], 'b')"), "", "ragged_rows", ragged.formatted(4));
    refused(
        parquet("([1, 2, 3], 'a'), ([]::INTEGER[], 'b')"), "", "ragged_rows", ragged.formatted(0));
    refusedLines(
        "ragged_rows",
        "Row 3, column \"e\" has 1 numbers, but the first row has 2; every row needs the same.",
        "{\"e\": [1, 2], \"label\": 0}",
        "{\"e\": [1, 2], \"label\": 1}",
        "{\"e\": [1], \"label\": 1}");
    refused(
        parquet("([[1, 2, 3], [4, 5, 6]], 'a'), ([[1, 2, 3], [4, 5]], 'b')"),
        "",
        "ragged_rows",
        "Row 2, column \"e\" has 5 numbers, but the first row has 2 x 3; every row needs the same.");
    String other =
        "Row %d, column \"e\" has lists of other lengths than the first row's, which are %s.";
    refused(
        parquet("([[1, 2, 3], [4, 5, 6]], 'a'), ([[1, 2], [3, 4], [5, 6]], 'b')"),
        "",
        "ragged_rows",
        other.formatted(2, "2 x 3"));
    refused(
        parquet("([[1, 2], [4]], 'a'), ([[1, 2], [3, 4]], 'b')"),
        "",
        "ragged_rows",
        "Row 1, column \"e\" has lists of different lengths; all at one depth need the same.");
    refused(
        parquet("([[1, 2], [3, 4]], 'a'), ([[1, 2], NULL, [3, 4]], 'b')"),
        "",
        "ragged_rows",
        other.formatted(2, "2 x 2"));
  }

  @Test
  void whatIsMissing() throws Exception {
    String missing = "Row 2, column %s is empty; every column needs a value in every row.";
    refused(parquet("([1, 2], 'a'), (NULL, 'b')"), "", "missing_value", missing.formatted("\"e\""));
    refused(
        parquet("([1, 2], 'a'), ([1, NULL], 'b')"),
        "",
        "missing_value",
        missing.formatted("\"e[1]\""));
    refused(
        parquet("([[1], [2]], 'a'), ([[0], [NULL]], 'b')"),
        "",
        "missing_value",
        missing.formatted("\"e[1][0]\""));
    String first =
        "Row 1, column \"e\" is empty or has an empty list; every row needs a list of numbers of the same length.";
    refused(parquet("(NULL, 'a'), ([1], 'b')"), "", "missing_value", first);
    refused(parquet("([]::FLOAT[], 'a'), ([1], 'b')"), "", "missing_value", first);
    refused(parquet("([[], [1]], 'a'), ([[1], [1]], 'b')"), "", "missing_value", first);
    refusedLines("missing_value", first, "{\"e\": [], \"label\": 0}", "{\"e\": [1], \"label\": 1}");
    refusedLines(
        "missing_value",
        missing.formatted("\"e\""),
        "{\"e\": [1], \"label\": 0}",
        "{\"label\": 1}");
    refused(
        files.parquet("none.parquet", "SELECT [1] AS e, 0 AS label WHERE false"),
        "",
        "empty_dataset",
        "The dataset has no rows.");
    refused(
        parquet("([1, 2]::FLOAT[], 'a'), ([1, 'nan'::FLOAT], 'b')"),
        "",
        "not_finite",
        "Row 2, column \"e[1]\" is NaN; every value must be a finite 32-bit float.");
  }

  @Test
  void whatIsNoListOfNumbers() throws Exception {
    refused(
        parquet("(['x'], 'a'), (['y'], 'b')"),
        "",
        "column_type",
        "Column \"e\" has type \"VARCHAR[]\"; features must be numbers or lists of them. Leave it"
            + " out with dataset.features.");
    refused(
        files.parquet("l.parquet", "SELECT i AS a, [i] AS label FROM range(4) t(i)"),
        "",
        "column_type",
        "Column \"label\" has type \"BIGINT[]\"; a label must be a number or text.");
    refusedLines(
        "text_in_numeric_column",
        "Row 2, column \"e[1]\" is \"red\", which is no number. Leave the column out with"
            + " dataset.features, or encode it.",
        "{\"e\": [1, 2], \"label\": 0}",
        "{\"e\": [1, \"red\"], \"label\": 1}");
    refusedLines(
        "text_in_numeric_column",
        "Row 2, column \"e\" is \"7\", where the first row has a list of 2 numbers.",
        "{\"e\": [1, 2], \"label\": 0}",
        "{\"e\": 7, \"label\": 1}");
    refusedLines(
        "ragged_rows",
        "Row 2, column \"e\" has lists of other lengths than the first row's, which are 2 x 1.",
        "{\"e\": [[1], [2]], \"label\": 0}",
        "{\"e\": [1, 2], \"label\": 1}");
    refusedLines(
        "text_in_numeric_column",
        "Row 2, column \"e[0]\" is \"[1]\", which is no number. Leave the column out with"
            + " dataset.features, or encode it.",
        "{\"e\": [1, 2], \"label\": 0}",
        "{\"e\": [[1], [2]], \"label\": 1}");
    refusedLines(
        "column_type",
        "Column \"e\" has type \"[[[[[[[[[1]]]]]]]]]\"; lists may be nested 8 deep.",
        "{\"e\": [[[[[[[[[1]]]]]]]]], \"label\": 0}");
  }

  @Test
  void tooLongLists() throws Exception {
    refused(
        files.parquet("w.parquet", "SELECT range(1001) AS e, i AS label FROM range(2) t(i)"),
        "",
        "too_many_columns",
        "Row 1, column \"e\" has 1,001 numbers or more; at most 1,000 are allowed.");
    refused(
        files.parquet(
            "s.parquet", "SELECT range(600) AS e, range(401) AS f, i AS label FROM range(2) t(i)"),
        "",
        "too_many_columns",
        "The dataset has 1,001 feature columns; at most 1,000 are allowed.");
  }

  @Test
  void trueAndFalseAreOneAndZeroInText() {
    String uri = files.text("t.csv", "a,b,label\ntrue,FALSE,true\nFalse, True ,false\n");
    DatasetPreview p = preview(uri, "");
    assertThat(p.rows()).containsExactly(List.of(1f, 0f), List.of(0f, 1f));
    assertThat(p.info().classes()).containsExactly("false", "true");
    String json =
        files.text("t.jsonl", "{\"a\": false, \"label\": 0}\n{\"a\": true, \"label\": 1}\n");
    assertThat(preview(json, "").rows()).containsExactly(List.of(0f), List.of(1f));
    refused(
        files.text("u.csv", "a,label\ntrue,x\n0.5,y\n"),
        "",
        "text_in_numeric_column",
        "Row 2, column \"a\" is \"0.5\", where the first row has true or false.");
    refused(
        files.text("v.csv", "a,label\n1,x\ntrue,y\n"),
        "",
        "text_in_numeric_column",
        "Row 2, column \"a\" is \"true\", which is no number. Leave the column out with"
            + " dataset.features, or encode it.");
    refused(
        files.text("w.csv", "a,label\ntrue,x\n,y\n"),
        "",
        "missing_value",
        "Row 2, column \"a\" is empty; every column needs a value in every row.");
  }
}
