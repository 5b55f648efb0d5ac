package io.retort.database;

import java.lang.reflect.Type;
import org.hibernate.cfg.MappingSettings;
import org.hibernate.type.format.AbstractJsonFormatMapper;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSONB columns are written by the same mapper as HTTP answers: Hibernate's own one is Jackson 2
 * with its defaults, which would write times as numbers.
 */
@Configuration(proxyBeanMethods = false)
class JsonColumns {

  @Bean
  HibernatePropertiesCustomizer jsonColumnsByJackson3(JsonMapper mapper) {
    return properties ->
        properties.put(MappingSettings.JSON_FORMAT_MAPPER, new Jackson3FormatMapper(mapper));
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // Hibernate's own signature
  private static final class Jackson3FormatMapper extends AbstractJsonFormatMapper {
    private final JsonMapper mapper;

    Jackson3FormatMapper(JsonMapper mapper) {
      this.mapper = mapper;
    }

    @Override
    public <T> T fromString(CharSequence json, Type type) {
      return mapper.readValue(json.toString(), mapper.constructType(type));
    }

    @Override
    public <T> String toString(T value, Type type) {
      return mapper.writerFor(mapper.constructType(type)).writeValueAsString(value);
    }
  }
}
