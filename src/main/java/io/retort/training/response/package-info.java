/** The terms of an objective that compare logits, with their gradients written out. */
@NullMarked
package io.retort.training.response;

import org.jspecify.annotations.NullMarked;
