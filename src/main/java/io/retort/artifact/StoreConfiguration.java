package io.retort.artifact;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The bucket, where one is set. */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

  private static final Duration CONNECT = Duration.ofSeconds(3);

  @Bean
  SharedFiles sharedFiles(StoreSettings settings) {
    StoreSettings.S3 s3 = settings.s3();
    return s3 == null ? SharedFiles.none() : new Bucket(client(s3), s3.bucket());
  }

  /** Retries, and how long between them, are the SDK's standard. */
  private static S3Client client(StoreSettings.S3 settings) {
    S3ClientBuilder client =
        S3Client.builder()
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .socketTimeout(settings.timeout())
                    .build())
            .region(Region.of(settings.region()))
            .forcePathStyle(settings.pathStyle())
            // Other services do not know the checksums that the SDK adds by default. What is read
            // is compared with the hash or checksum that it carries itself.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    if (settings.endpoint() != null) {
      client.endpointOverride(settings.endpoint());
    }
    if (settings.accessKey() != null) {
      client.credentialsProvider(
          StaticCredentialsProvider.create(
              AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())));
    }
    return client.build();
  }
}
