package io.retort.spec;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.Size;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares a JSON tree with the records it is meant for. Jackson stops at the first mismatch and
 * coerces strings to numbers; this walk collects all of them and returns the part that fits, which
 * Jackson then binds without surprises.
 */
final class StructureCheck {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int SHOWN = 80;

  /** What databases and clients of all kinds can still hold. */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

  private final List<Violation> violations = new ArrayList<>();

  List<Violation> violations() {
    return violations;
  }

  private void add(Violation violation) {
    if (violations.size() < SpecReader.MAX_VIOLATIONS) {
      violations.add(violation);
    }
  }

  /** Returns what fits of the node, under the records' own names; null where nothing does. */
  @Nullable JsonNode check(JsonNode node, Class<?> type) {
    return check(node, type, "");
  }

  private @Nullable JsonNode check(JsonNode node, Type type, String pointer) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == List.class
          ? list(node, generic.getActualTypeArguments()[0], pointer)
          : map(node, generic.getActualTypeArguments()[1], pointer);
    }
    Class<?> raw = (Class<?>) type;
    if (raw.isEnum()) {
      return enumeration(node, raw, pointer);
    }
    if (raw.isAnnotationPresent(JsonTypeInfo.class)) {
      return oneOf(node, raw, pointer);
    }
    return raw.isRecord() ? object(node, raw, pointer) : scalar(node, raw, pointer);
  }

  private @Nullable JsonNode object(JsonNode node, Class<?> type, String pointer) {
    if (!(node instanceof ObjectNode object)) {
      return refuse(pointer, "must be an object", node);
    }
    Map<String, RecordComponent> known = names(type);
    ObjectNode result = NODES.objectNode();
    Map<String, String> givenAs = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      String at = pointer + "/" + escape(name);
      RecordComponent component = known.get(name);
      if (component == null) {
        unknownField(at, name, type);
        continue;
      }
      String earlier = givenAs.putIfAbsent(component.getName(), name);
      if (earlier != null) {
        refuse(at, "says the same as `" + earlier + "`; give one of them", field.getValue());
      } else if (!field.getValue().isNull()) {
        JsonNode value =
            isTooLong(field.getValue(), component, at)
                ? null
                : check(field.getValue(), component.getGenericType(), at);
        if (value != null) {
          result.set(WireName.of(type, component.getName()), value);
        }
      }
    }
    return result;
  }

  /** The `type` field picks the record; it is no field of the record itself. */
  private @Nullable JsonNode oneOf(JsonNode node, Class<?> type, String pointer) {
    if (!(node instanceof ObjectNode object)) {
      return refuse(pointer, "must be an object with a `type`", node);
    }
    Map<String, Class<?>> types = new LinkedHashMap<>();
    for (JsonSubTypes.Type t : type.getAnnotation(JsonSubTypes.class).value()) {
      types.put(t.name(), t.value());
    }
    List<String> names = List.copyOf(types.keySet());
    JsonNode given = object.get("type");
    Class<?> chosen = type.getAnnotation(JsonTypeInfo.class).defaultImpl();
    if (given != null) {
      chosen = given.isString() ? types.get(given.stringValue()) : null;
      if (chosen == null) {
        String hint = Nearest.hint(given.asString(""), names);
        add(new Violation(pointer + "/type", "is not a known type" + hint, shown(given), names));
        return null;
      }
    } else if (!types.containsValue(chosen)) {
      add(new Violation(pointer + "/type", "is required", null, names));
      return null;
    }
    ObjectNode rest = object.deepCopy();
    rest.remove("type");
    JsonNode result = object(rest, chosen, pointer);
    for (Map.Entry<String, Class<?>> t : types.entrySet()) {
      if (t.getValue() == chosen && result != null) {
        ((ObjectNode) result).put("type", t.getKey());
      }
    }
    return result;
  }

  /** Hibernate Validator would look at every element all the same. */
  private boolean isTooLong(JsonNode node, RecordComponent component, String pointer) {
    Size size = component.getAccessor().getAnnotation(Size.class);
    if (size == null || !node.isContainer() || node.size() <= size.max()) {
      return false;
    }
    refuse(pointer, "size must be between %d and %d".formatted(size.min(), size.max()), node);
    return true;
  }

  /**
   * No list has use for blank texts. They are refused here since Hibernate Validator hashes the
   * whole bean for each element that is wrong, which for 90,000 takes minutes.
   */
  private @Nullable JsonNode list(JsonNode node, Type element, String pointer) {
    if (!(node instanceof ArrayNode array)) {
      return refuse(pointer, "must be a list", node);
    }
    ArrayNode result = NODES.arrayNode();
    for (int i = 0; i < array.size(); i++) {
      JsonNode value = check(array.get(i), element, pointer + "/" + i);
      if (value != null && value.isString() && value.stringValue().isBlank()) {
        refuse(pointer + "/" + i, "must not be blank", value);
      } else if (value != null) {
        result.add(value);
      }
    }
    return result;
  }

  private @Nullable JsonNode map(JsonNode node, Type element, String pointer) {
    if (!(node instanceof ObjectNode object)) {
      return refuse(pointer, "must be an object", node);
    }
    ObjectNode result = NODES.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = check(field.getValue(), element, pointer + "/" + escape(field.getKey()));
      if (value != null) {
        result.set(field.getKey(), value);
      }
    }
    return result;
  }

  private @Nullable JsonNode enumeration(JsonNode node, Class<?> type, String pointer) {
    List<String> allowed = Arrays.stream(type.getFields()).map(WireName::of).toList();
    if (node.isString() && allowed.contains(node.stringValue())) {
      return node;
    }
    String hint = node.isString() ? Nearest.hint(node.stringValue(), allowed) : "";
    add(
        new Violation(
            pointer, "must be one of " + String.join(", ", allowed) + hint, shown(node), allowed));
    return null;
  }

  private @Nullable JsonNode scalar(JsonNode node, Class<?> type, String pointer) {
    if (type == String.class) {
      if (node.isString() && node.stringValue().indexOf('\0') >= 0) {
        return refuse(pointer, "must not contain a NUL character", node);
      }
      return node.isString() ? node : refuse(pointer, "must be a string", node);
    }
    if (type == Instant.class) {
      return isTime(node)
          ? node
          : refuse(pointer, "must be a time such as 2026-01-31T12:00:00Z", node);
    }
    if (type == Boolean.class) {
      return node.isBoolean() ? node : refuse(pointer, "must be true or false", node);
    }
    if (type == Double.class) {
      if (!node.isNumber()) {
        return refuse(pointer, "must be a number" + unquote(node), node);
      }
      return Double.isFinite(node.doubleValue())
          ? node
          : refuse(pointer, "must be a finite number", node);
    }
    boolean fits = type == Integer.class ? node.canConvertToInt() : node.canConvertToLong();
    if (!node.isNumber() || !node.canConvertToExactIntegral()) {
      return refuse(pointer, "must be a whole number" + unquote(node), node);
    }
    return fits ? node : refuse(pointer, "is too large", node);
  }

  private static boolean isTime(JsonNode node) {
    try {
      return node.isString() && Instant.parse(node.stringValue()).isBefore(END_OF_TIME);
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static String unquote(JsonNode node) {
    return node.isString() ? ", not a string" : "";
  }

  private void unknownField(String pointer, String name, Class<?> type) {
    if (violations.size() >= SpecReader.MAX_VIOLATIONS) {
      return; // to look for the nearest name is dear
    }
    List<String> known =
        Arrays.stream(type.getRecordComponents())
            .map(component -> WireName.of(type, component.getName()))
            .toList();
    add(
        new Violation(
            pointer, "is not a known field" + Nearest.hint(name, known), null, List.copyOf(known)));
  }

  private @Nullable JsonNode refuse(String pointer, String message, JsonNode value) {
    add(new Violation(pointer, message, shown(value), null));
    return null;
  }

  /** A scalar as it was sent, shortened; null for anything else. */
  static @Nullable Object shown(JsonNode node) {
    if (node.isMissingNode() || node.isContainer()) {
      return null;
    }
    if (node.isNumber() && Double.isFinite(node.doubleValue())) {
      return node.numberValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    String text = node.asString("null");
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  /** RFC 6901. */
  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private static Map<String, RecordComponent> names(Class<?> type) {
    Map<String, RecordComponent> names = new LinkedHashMap<>();
    for (RecordComponent c : type.getRecordComponents()) {
      names.put(WireName.of(type, c.getName()), c);
      for (String alias : aliases(type, c)) {
        names.put(alias, c);
      }
    }
    return names;
  }

  private static String[] aliases(Class<?> type, RecordComponent component) {
    try {
      JsonAlias alias = type.getDeclaredField(component.getName()).getAnnotation(JsonAlias.class);
      return alias == null ? new String[0] : alias.value();
    } catch (NoSuchFieldException e) {
      throw new AssertionError("a record has a field for each component", e);
    }
  }
}
