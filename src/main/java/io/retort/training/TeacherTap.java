package io.retort.training;

import io.retort.teacher.SoftTargets;
import io.retort.teacher.Tap;

/**
 * A tensor of the teacher for every row of the training part.
 *
 * @param values the tap's numbers, channels first
 */
public record TeacherTap(Tap tap, SoftTargets values) {}
