package io.retort.access;

import io.swagger.v3.oas.annotations.media.Schema;

/** A key that was just made. */
@Schema(name = "NewKey", description = "A key that was just made.")
record NewKeyView(
    @Schema(
            description = "The key itself; it is shown this once and kept nowhere",
            example = "rt_3kXq9Zt...")
        String key,
    KeyView about) {}
