package io.retort.dataset;

import io.retort.spec.SpecReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The first line of a text file, read by ourselves so that nothing about its columns is guessed.
 *
 * @param delimiter of a CSV; a NUL for JSON Lines
 */
record TextHeader(List<String> columns, char delimiter) {

  private static final int MAX_LINE = 8 << 20;
  private static final char[] DELIMITERS = {',', ';', '\t', '|'};

  static TextHeader csv(SourceFile source) throws IOException {
    String line = firstLine(source);
    char delimiter = delimiter(line);
    List<String> columns = cells(line, delimiter);
    Set<String> seen = new HashSet<>();
    for (String column : columns) {
      if (column.isBlank()) {
        throw source
            .location()
            .problem(
                "bad_header",
                "Column %d has no name; the first line of a CSV must name all of them."
                        .formatted(columns.indexOf(column) + 1)
                    + (columns.indexOf(column) == 0
                        ? " Pandas writes an index like that; save with index=False."
                        : ""));
      }
      if (!seen.add(column)) {
        throw source
            .location()
            .problem("bad_header", "Two columns are called " + Shorten.text(column) + ".");
      }
    }
    return new TextHeader(columns, delimiter);
  }

  static TextHeader jsonLines(SourceFile source) throws IOException {
    try {
      JsonNode first = SpecReader.mapper().readTree(firstLine(source));
      if (first.isObject() && !first.isEmpty()) {
        return new TextHeader(List.copyOf(first.propertyNames()), '\0');
      }
    } catch (JacksonException e) {
      // answered below
    }
    throw source
        .location()
        .problem("bad_json", "Line 1 is no JSON object; JSON Lines have one object a line, flat.");
  }

  private static String firstLine(SourceFile source) throws IOException {
    StringBuilder line = new StringBuilder();
    try (BufferedReader in = reader(source.path())) {
      for (int c = in.read(); c >= 0 && c != '\n' && c != '\r'; c = in.read()) {
        if (line.length() == MAX_LINE) {
          throw source
              .location()
              .problem(
                  "bad_header",
                  "The first line is longer than %,d characters.".formatted(MAX_LINE));
        }
        if (c == 0) {
          throw source.location().problem("wrong_magic", "The file is binary, not text.");
        }
        line.append((char) c);
      }
    }
    String text = line.toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static BufferedReader reader(Path file) throws IOException {
    // unlike Files.newBufferedReader this does not fail on bytes that are no UTF-8
    return new BufferedReader(
        new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8));
  }

  private static char delimiter(String line) {
    char best = ',';
    for (char candidate : DELIMITERS) {
      if (cells(line, candidate).size() > cells(line, best).size()) {
        best = candidate;
      }
    }
    return best;
  }

  /** One line of RFC 4180. */
  private static List<String> cells(String line, char delimiter) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        boolean doubled = quoted && i + 1 < line.length() && line.charAt(i + 1) == '"';
        if (doubled) {
          cell.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == delimiter && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
