package io.retort.testing;

import io.retort.RetortApplication;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/**
 * As {@link ServiceTest}, but with the real engine. Datasets may also come from {@code localhost},
 * where messages must not go.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    classes = RetortApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "retort.worker.slots=2",
      "retort.worker.threads=1",
      "retort.limits.memory-per-job=1GB",
      "retort.dataset.allowed-hosts=127.0.0.1,localhost",
      "retort.webhooks.allowed-hosts=127.0.0.1",
      "logging.level.root=warn"
    })
@ContextConfiguration(initializers = TemporaryData.class)
@Import(Http.class)
public @interface EngineServiceTest {}
