package io.retort.training;

import io.retort.teacher.SoftTargets;

/** The teacher's logits for the parts that a training sees. */
public record DistillationTargets(SoftTargets train, SoftTargets validation) {}
