package io.retort.testing;

import io.retort.RetortApplication;
import org.springframework.boot.SpringApplication;

/** The service with a fake engine, to be tried by hand. */
final class FakeRetort {
  public static void main(String[] args) {
    SpringApplication.run(new Class<?>[] {RetortApplication.class, FakeEngine.class}, args);
  }
}
