/**
 * Models of other frameworks. Their files come from strangers and some of their readers are native,
 * so everything here that looks into one runs in a process of its own.
 */
@NullMarked
@NamedInterface("foreign")
package io.retort.model.foreign;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
