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
 * A whole service on its own embedded PostgreSQL and a real port, with an engine that does what a
 * test says. All tests with this annotation share one service.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    classes = RetortApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "retort.worker.slots=4",
      "retort.worker.memory=1GB",
      "retort.dataset.max-upload=1MB",
      "retort.dataset.allowed-hosts=127.0.0.1",
      "retort.webhooks.allowed-hosts=127.0.0.1",
      "retort.webhooks.first-retry=50ms",
      "retort.webhooks.timeout=1s",
      "db-scheduler.heartbeat-interval=500ms",
      "logging.level.root=warn"
    })
@ContextConfiguration(initializers = TemporaryData.class)
@Import({FakeEngine.class, Http.class})
public @interface ServiceTest {}
