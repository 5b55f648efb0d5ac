package io.retort.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import java.util.stream.Stream;

/** What a key may be good for. */
public enum Scope {
  @JsonProperty("jobs:read")
  JOBS_READ("jobs:read"),
  @JsonProperty("jobs:write")
  JOBS_WRITE("jobs:write"),
  @JsonProperty("models:read")
  MODELS_READ("models:read"),
  @JsonProperty("models:write")
  MODELS_WRITE("models:write"),
  @JsonProperty("datasets:read")
  DATASETS_READ("datasets:read"),
  @JsonProperty("datasets:write")
  DATASETS_WRITE("datasets:write"),
  /** Read and replace the secret that signs a tenant's deliveries. */
  @JsonProperty("webhooks")
  WEBHOOKS("webhooks"),
  @JsonProperty("metrics:read")
  METRICS_READ("metrics:read"),
  /** Make and revoke keys of every tenant. */
  @JsonProperty("admin")
  ADMIN("admin");

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** The scope of this name; empty where there is none, as in a token made for other services. */
  public static Optional<Scope> of(String text) {
    return Stream.of(values()).filter(s -> s.text.equals(text)).findFirst();
  }

  /** As callers write it. */
  @Override
  public String toString() {
    return text;
  }
}
