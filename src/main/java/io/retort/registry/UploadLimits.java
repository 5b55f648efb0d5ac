package io.retort.registry;

import io.retort.access.DatasetAccess;
import io.retort.database.DataDirectory;
import jakarta.servlet.MultipartConfigElement;
import org.springframework.boot.servlet.MultipartConfigFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/**
 * How large an upload may be, and where it is gathered: under the data directory, as the system's
 * temporary directory is often memory.
 */
@Configuration(proxyBeanMethods = false)
class UploadLimits {

  @Bean
  MultipartConfigElement multipartConfigElement(DataDirectory data, DatasetAccess settings) {
    MultipartConfigFactory factory = new MultipartConfigFactory();
    factory.setLocation(data.directory("uploads").toString());
    factory.setMaxFileSize(settings.maxUpload());
    factory.setMaxRequestSize(DataSize.ofBytes(-1));
    factory.setFileSizeThreshold(DataSize.ofKilobytes(64));
    return factory.createMultipartConfig();
  }
}
