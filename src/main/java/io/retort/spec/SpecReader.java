package io.retort.spec;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.spi.nodenameprovider.JavaBeanProperty;
import org.hibernate.validator.spi.nodenameprovider.Property;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one border where a request becomes a spec that can be run. Everything that is wrong is
 * reported at once: first names and kinds of JSON values, then ranges, then rules that span fields.
 */
public final class SpecReader {

  /** No spec nests deeper than a dozen levels. */
  private static final int MAX_DEPTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // NaN is read, so that it can be refused with a pointer to the field.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Validator VALIDATOR =
      Validation.byProvider(HibernateValidator.class)
          .configure()
          .defaultLocale(Locale.ENGLISH)
          .propertyNodeNameProvider(SpecReader::nodeName)
          .buildValidatorFactory()
          .getValidator();

  private SpecReader() {}

  /** Reads and writes specs; strict about duplicate keys. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /**
   * Parses a body without looking at what it means.
   *
   * @throws MalformedJsonException with line and column
   */
  public static JsonNode parse(byte[] body) {
    try {
      JsonNode node = MAPPER.readTree(body);
      if (node.isMissingNode()) {
        throw new MalformedJsonException("The body is empty; a JSON object was expected.");
      }
      return node;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String place =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new MalformedJsonException(
          "The body is not valid JSON" + place + ": " + firstLine(e.getOriginalMessage()));
    }
  }

  /**
   * Checks a posted spec and fills in every default.
   *
   * @throws InvalidSpecException with all violations
   */
  public static JobSpec read(JsonNode posted) {
    StructureCheck structure = new StructureCheck();
    JsonNode clean = structure.check(posted, JobSpec.class);
    List<Violation> violations = new ArrayList<>(structure.violations());
    if (clean != null && clean.isObject()) {
      JobSpec spec = MAPPER.treeToValue(clean, JobSpec.class);
      addUnlessKnown(violations, ranges(spec, clean));
      addUnlessKnown(violations, CrossFieldRules.check(spec, (ObjectNode) clean));
      if (violations.isEmpty()) {
        return MAPPER.treeToValue(withInheritedTraining((ObjectNode) clean), JobSpec.class);
      }
    }
    throw new InvalidSpecException(violations);
  }

  /**
   * Reads any other body in the same strict way: unknown fields, kinds of values and ranges.
   *
   * @throws InvalidSpecException with all violations
   */
  public static <T> T read(JsonNode posted, Class<T> type) {
    StructureCheck structure = new StructureCheck();
    JsonNode clean = structure.check(posted, type);
    List<Violation> violations = new ArrayList<>(structure.violations());
    if (clean != null && clean.isObject()) {
      T body = MAPPER.treeToValue(clean, type);
      addUnlessKnown(violations, ranges(body, clean));
      if (violations.isEmpty()) {
        return body;
      }
    }
    throw new InvalidSpecException(violations);
  }

  /** Validates any record of this package, as a model file's architecture. */
  public static List<Violation> ranges(Object spec) {
    return ranges(spec, MAPPER.valueToTree(spec));
  }

  private static List<Violation> ranges(Object spec, JsonNode json) {
    List<Violation> violations = new ArrayList<>();
    for (ConstraintViolation<Object> v : VALIDATOR.validate(spec)) {
      String pointer = pointer(v.getPropertyPath());
      violations.add(
          new Violation(pointer, v.getMessage(), StructureCheck.shown(json.at(pointer)), null));
    }
    violations.sort((a, b) -> a.pointer().compareTo(b.pointer()));
    return violations;
  }

  /** A teacher's training takes from the job's training whatever it does not say itself. */
  private static ObjectNode withInheritedTraining(ObjectNode spec) {
    if (!(spec.get("teacher") instanceof ObjectNode teacher) || !teacher.has("architecture")) {
      return spec;
    }
    ObjectNode merged = spec.withObject("/training").deepCopy();
    merged.remove("batching"); // there is no teacher to it
    if (teacher.get("training") instanceof ObjectNode own) {
      merged.setAll(own);
    }
    ObjectNode result = spec.deepCopy();
    ((ObjectNode) result.get("teacher")).set("training", merged);
    return result;
  }

  private static String nodeName(Property property) {
    return property instanceof JavaBeanProperty field
        ? WireName.of(field.getDeclaringClass(), field.getName())
        : property.getName();
  }

  private static String pointer(Path path) {
    StringBuilder pointer = new StringBuilder();
    for (Path.Node node : path) {
      if (node.getIndex() != null) {
        pointer.append('/').append(node.getIndex());
      } else if (node.getKey() != null) {
        pointer.append('/').append(StructureCheck.escape(String.valueOf(node.getKey())));
      }
      String name = node.getName();
      if (name != null && !name.startsWith("<")) {
        pointer.append('/').append(StructureCheck.escape(name));
      }
    }
    return pointer.toString();
  }

  /** A field that was refused for its kind is missing afterwards; that is not a second mistake. */
  private static void addUnlessKnown(List<Violation> known, List<Violation> more) {
    List<String> pointers = known.stream().map(Violation::pointer).toList();
    for (Violation v : more) {
      boolean covered =
          pointers.stream().anyMatch(p -> v.pointer().equals(p) || v.pointer().startsWith(p + "/"));
      boolean parentOfKnown = pointers.stream().anyMatch(p -> p.startsWith(v.pointer() + "/"));
      if (!covered && !parentOfKnown) {
        known.add(v);
      }
    }
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "unreadable" : message.lines().findFirst().orElse("unreadable");
  }
}
