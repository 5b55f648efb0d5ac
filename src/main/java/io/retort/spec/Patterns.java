package io.retort.spec;

final class Patterns {
  static final String UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

  private Patterns() {}
}
