/** Jobs over HTTP. */
@NullMarked
package io.retort.job.web;

import org.jspecify.annotations.NullMarked;
