package org.plumbline.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes nested settings records apart into full keys and values, and puts them together again. */
final class RecordValues {
  private RecordValues() {}

  /** Full key to value, for every setting of {@code record} and of the records in it. */
  static Map<String, Object> of(Record record) {
    Map<String, Object> values = new LinkedHashMap<>();
    flatten(record, "", values);
    return values;
  }

  private static void flatten(Record record, String prefix, Map<String, Object> values) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      String name = prefix + SettingKey.kebab(component.getName());
      Object value = read(record, component);
      if (value instanceof Record nested) {
        flatten(nested, name + ".", values);
      } else {
        values.put(name, value);
      }
    }
  }

  private static Object read(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read " + component + ": " + e.getMessage(), e);
    }
  }

  /**
   * A {@code type} with {@code values}, which must hold every key.
   *
   * @throws InvalidSettingsException with the reason, if a record's own constructor refuses them
   */
  static <T extends Record> T build(Class<T> type, Map<String, Object> values) {
    return type.cast(build(type, "", values));
  }

  private static Object build(Class<?> type, String prefix, Map<String, Object> values) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = prefix + SettingKey.kebab(components[i].getName());
      Class<?> component = components[i].getType();
      arguments[i] = component.isRecord() ? build(component, name + ".", values) : values.get(name);
    }
    return construct(type, components, arguments);
  }

  private static Object construct(Class<?> type, RecordComponent[] components, Object[] arguments) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new InvalidSettingsException(List.of(String.valueOf(e.getCause().getMessage())));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make " + type.getName() + ": " + e.getMessage(), e);
    }
  }
}
