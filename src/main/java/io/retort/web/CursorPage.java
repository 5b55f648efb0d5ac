package io.retort.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor send it as {@code after} to get the next page; null on the last one
 */
@Schema(description = "One page of a list.")
public record CursorPage<T>(
    List<T> data,
    @Schema(description = "Whether there are more after this page") boolean hasMore,
    @Schema(description = "Send it as `after` to get the next page") @Nullable String nextCursor) {

  /**
   * Makes a page from one row more than was asked for.
   *
   * @param rows up to {@code limit + 1} rows in order
   * @param cursor what identifies a row's place in the order
   */
  public static <T> CursorPage<T> of(List<T> rows, int limit, Function<T, String> cursor) {
    boolean more = rows.size() > limit;
    List<T> data = more ? rows.subList(0, limit) : rows;
    return new CursorPage<>(
        List.copyOf(data), more, more ? cursor.apply(data.get(data.size() - 1)) : null);
  }
}
