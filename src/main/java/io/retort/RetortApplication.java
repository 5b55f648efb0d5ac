package io.retort;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts Retort: API, worker or both, as the settings say. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class RetortApplication {

  public static void main(String[] args) {
    if (Usage.isWanted(args)) {
      System.out.print(Usage.TEXT);
      return;
    }
    SpringApplication.run(RetortApplication.class, args);
  }
}
