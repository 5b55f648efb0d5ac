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
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
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

  /** Numbers, texts, names and brackets; the longest list of columns is 100,000 of them. */
  private static final int MAX_TOKENS = 250_000;

  /** The same where numbers are sent by the batch: 32 MiB of them as floats are mostly written. */
  private static final int MAX_TOKENS_OF_NUMBERS = 4_000_000;

  /** Whoever has a hundred mistakes will not read on. */
  static final int MAX_VIOLATIONS = 100;

  private static final JsonMapper BODIES = mapper(MAX_TOKENS);
  private static final JsonMapper MAPPER = mapper(MAX_TOKENS_OF_NUMBERS);

  private static final Validator VALIDATOR =
      Validation.byProvider(HibernateValidator.class)
          .configure()
          .defaultLocale(Locale.ENGLISH)
          .propertyNodeNameProvider(SpecReader::nodeName)
          .buildValidatorFactory()
          .getValidator();

  private SpecReader() {}

  private static JsonMapper mapper(int maxTokens) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxTokenCount(maxTokens)
                        .maxNumberLength(1_000)
                        .maxNameLength(50_000)
                        .build())
                .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        // NaN is read, so that it can be refused with a pointer to the field.
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /**
   * Reads and writes specs, and reads what others wrote; strict about duplicate keys, at most 64
   * levels and 4,000,000 tokens.
   */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /**
   * Parses a body without looking at what it means.
   *
   * @throws MalformedJsonException with line and column; also for more than 64 levels or 250,000
   *     tokens
   */
  public static JsonNode parse(byte[] body) {
    return parse(body, BODIES);
  }

  /** The same for a body of many numbers: up to 4,000,000 tokens. */
  public static JsonNode parseNumbers(byte[] body) {
    return parse(body, MAPPER);
  }

  private static JsonNode parse(byte[] body, JsonMapper mapper) {
    try {
      JsonNode node = mapper.readTree(body);
      if (node.isMissingNode()) {
        throw new MalformedJsonException("The body is empty; a JSON object was expected.");
      }
      return node;
    } catch (StreamConstraintsException e) {
      throw new MalformedJsonException(
          "The body is more than is read"
              + reached(body, mapper)
              + ": "
              + limit(e.getOriginalMessage()));
    } catch (JacksonException e) {
      throw new MalformedJsonException(
          "The body is not valid JSON" + place(e) + ": " + firstLine(e.getOriginalMessage()));
    }
  }

  private static String place(JacksonException e) {
    return place(e.getLocation());
  }

  /** How far one gets; what goes beyond a limit does not say where. */
  private static String reached(byte[] body, JsonMapper mapper) {
    try (JsonParser parser = mapper.createParser(body)) {
      try {
        for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
          // on to the limit
        }
      } catch (StreamConstraintsException e) {
        return place(parser.currentLocation());
      }
    }
    return "";
  }

  private static String place(@Nullable TokenStreamLocation at) {
    return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  /** Without the name of the library's method that the number comes from. */
  private static String limit(@Nullable String message) {
    return firstLine(message).replaceAll(", from `[^`]*`", "") + ".";
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
      if (known.size() >= MAX_VIOLATIONS) {
        return;
      }
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
