package org.plumbline.chat.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code for names in values if filter}.
 *
 * @param empty runs instead where there is nothing to go over
 */
record Loop(
    List<String> names, Expression values, Expression filter, Statement body, Statement empty)
    implements Statement {

  @Override
  public Flow run(Scope scope, Output output) {
    List<Object> elements = new ArrayList<>();
    for (Object element : Values.list(values.value(scope))) {
      Scope inner = scope.inner();
      assign(names, element, inner);
      if (Values.truth(filter.value(inner))) {
        elements.add(element);
      }
    }
    if (elements.isEmpty()) {
      return empty.run(scope, output);
    }
    for (int i = 0; i < elements.size(); i++) {
      Scope inner = scope.inner();
      inner.step(scope.line());
      assign(names, elements.get(i), inner);
      inner.set("loop", position(elements, i));
      if (body.run(inner, output) == Flow.BREAK) {
        break;
      }
    }
    return Flow.ON;
  }

  private static Map<String, Object> position(List<Object> elements, int index) {
    int size = elements.size();
    Map<String, Object> loop = new HashMap<>();
    loop.put("index0", (long) index);
    loop.put("index", index + 1L);
    loop.put("revindex0", size - index - 1L);
    loop.put("revindex", (long) size - index);
    loop.put("first", index == 0);
    loop.put("last", index == size - 1);
    loop.put("length", (long) size);
    if (index > 0) {
      loop.put("previtem", elements.get(index - 1));
    }
    if (index < size - 1) {
      loop.put("nextitem", elements.get(index + 1));
    }
    Callable cycle = (arguments, named) -> arguments.get(index % arguments.size());
    loop.put("cycle", cycle);
    return loop;
  }

  /** Gives one name a value, or each of several names its part of it. */
  static void assign(List<String> names, Object value, Scope scope) {
    if (names.size() == 1) {
      scope.set(names.get(0), value);
      return;
    }
    List<Object> parts = Values.list(value);
    if (parts.size() != names.size()) {
      throw new JinjaException(
          "%d values for the names %s".formatted(parts.size(), String.join(", ", names)));
    }
    for (int i = 0; i < names.size(); i++) {
      scope.set(names.get(i), parts.get(i));
    }
  }
}
