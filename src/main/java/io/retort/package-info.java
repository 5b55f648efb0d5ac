/** Distillation as a service: a job goes in, a small student that was measured comes out. */
@NullMarked
package io.retort;

import org.jspecify.annotations.NullMarked;
