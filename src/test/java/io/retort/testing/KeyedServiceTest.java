package io.retort.testing;

import io.retort.RetortApplication;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/** As {@link ServiceTest}, but the service asks every caller for a key or a token. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    classes = RetortApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "retort.access.keys-required=true",
      "retort.worker.slots=2",
      "retort.quota.running-jobs=1",
      "db-scheduler.heartbeat-interval=500ms",
      "logging.level.root=warn"
    })
@ContextConfiguration(initializers = {TemporaryData.class, Issuer.class, Collector.class})
@Import({FakeEngine.class, Http.class, Keys.class})
public @interface KeyedServiceTest {}
