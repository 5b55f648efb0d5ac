/** The terms of an objective that compare features of student and teacher, as graphs. */
@NullMarked
package io.retort.training.term;

import org.jspecify.annotations.NullMarked;
