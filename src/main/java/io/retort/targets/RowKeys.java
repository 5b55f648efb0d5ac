package io.retort.targets;

import io.retort.dataset.Split;
import io.retort.spec.Cancellation;
import io.retort.spec.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.List;

/**
 * The rows of a job by content: equal rows have one id, ids count from 0 in order of first
 * appearance. A row's key is the first half of the SHA-256 of its floats, so that nobody can make
 * up a row whose key is another's. Plain arrays: about 35 bytes a row.
 */
final class RowKeys {

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int DIGEST_BYTES = 32;

  private final long[] high;
  private final long[] low;

  /** Open addressing; id + 1, 0 where free. At most two thirds full. */
  private final int[] table;

  private final int[][] ids;

  /** Where in its part the first row of an id stands. */
  private final int[] position;

  /** The first id that a part brought, if it brought any. */
  private final int[] firstId;

  private int distinct;

  private RowKeys(List<Split> parts) {
    int rows = parts.stream().mapToInt(Split::size).reduce(0, Math::addExact);
    high = new long[rows];
    low = new long[rows];
    table = new int[Math.addExact(rows, rows / 2 + 1)];
    ids = parts.stream().map(part -> new int[part.size()]).toArray(int[][]::new);
    position = new int[rows];
    firstId = new int[parts.size()];
  }

  static RowKeys of(List<Split> parts, Cancellation cancellation) {
    RowKeys keys = new RowKeys(parts);
    for (int p = 0; p < parts.size(); p++) {
      keys.firstId[p] = keys.distinct;
      keys.add(parts.get(p), keys.ids[p], cancellation);
    }
    return keys;
  }

  private void add(Split part, int[] partIds, Cancellation cancellation) {
    int rowBytes = part.columns() * Float.BYTES;
    int chunk = Math.min(part.size(), Math.max(1, CHUNK_BYTES / rowBytes));
    int[] positions = new int[chunk];
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(chunk, rowBytes)).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer floats = bytes.asFloatBuffer();
    ByteBuffer digest = ByteBuffer.allocate(DIGEST_BYTES);
    MessageDigest sha256 = Sha256.digest();
    for (int from = 0; from < part.size(); from += chunk) {
      cancellation.check();
      int count = Math.min(chunk, part.size() - from);
      for (int i = 0; i < count; i++) {
        positions[i] = from + i;
      }
      part.gather(positions, 0, count, floats);
      for (int i = 0; i < count; i++) {
        sha256.update(bytes.array(), i * rowBytes, rowBytes);
        finish(sha256, digest.array());
        partIds[from + i] = add(digest.getLong(0), digest.getLong(Long.BYTES), from + i);
      }
    }
  }

  private static void finish(MessageDigest sha256, byte[] into) {
    try {
      sha256.digest(into, 0, into.length);
    } catch (DigestException e) {
      throw new AssertionError("a SHA-256 has 32 bytes", e);
    }
  }

  private int add(long h, long l, int place) {
    int at = slot(h, l);
    if (table[at] == 0) {
      position[distinct] = place;
      high[distinct] = h;
      low[distinct] = l;
      table[at] = ++distinct;
    }
    return table[at] - 1;
  }

  private int slot(long h, long l) {
    int at = (int) Long.remainderUnsigned(l, table.length);
    while (table[at] != 0 && (high[table[at] - 1] != h || low[table[at] - 1] != l)) {
      at = at + 1 == table.length ? 0 : at + 1;
    }
    return at;
  }

  /** The id of a row of this content; -1 where there is none. */
  int find(long h, long l) {
    return table[slot(h, l)] - 1;
  }

  /** Different rows. */
  int distinct() {
    return distinct;
  }

  /** The ids of a part's rows by position; not to be changed. */
  int[] ids(int part) {
    return ids[part];
  }

  /** The part in which an id appears first. */
  int part(int id) {
    int part = firstId.length - 1;
    while (firstId[part] > id) {
      part--;
    }
    return part;
  }

  /** Where in that part it does. */
  int position(int id) {
    return position[id];
  }

  long high(int id) {
    return high[id];
  }

  long low(int id) {
    return low[id];
  }
}
