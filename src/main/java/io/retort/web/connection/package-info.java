/** How long a thread waits for a client that is slow to send or to read. */
@NullMarked
package io.retort.web.connection;

import org.jspecify.annotations.NullMarked;
