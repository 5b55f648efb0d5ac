package io.retort.testing;

import io.retort.RetortApplication;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/** As {@link KeyedServiceTest}, with one worker slot and small quotas. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    classes = RetortApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "retort.access.keys-required=true",
      "retort.worker.slots=1",
      "retort.worker.longest-job=4s",
      "retort.quota.queued-jobs=5",
      "retort.quota.stored-bytes=10000B",
      "retort.quota.requests-per-second=15",
      "retort.quota.streams=2",
      "db-scheduler.heartbeat-interval=500ms",
      "logging.level.root=warn"
    })
@ContextConfiguration(initializers = TemporaryData.class)
@Import({FakeEngine.class, Http.class, Keys.class})
public @interface LimitedServiceTest {}
