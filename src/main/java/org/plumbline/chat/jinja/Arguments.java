package org.plumbline.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Arguments of a call. */
record Arguments(List<Expression> inOrder, Map<String, Expression> byName) {
  List<Object> positions(Scope scope) {
    return values(inOrder, scope);
  }

  Map<String, Object> names(Scope scope) {
    Map<String, Object> names = new LinkedHashMap<>();
    byName.forEach((name, value) -> names.put(name, value.value(scope)));
    return names;
  }

  /** A list whose elements are each an argument. */
  record Spread(Expression list) implements Expression {
    @Override
    public Object value(Scope scope) {
      return list.value(scope);
    }
  }

  /** The values of {@code expressions}, those of a {@link Spread} one by one. */
  static List<Object> values(List<Expression> expressions, Scope scope) {
    List<Object> values = new ArrayList<>();
    for (Expression expression : expressions) {
      if (expression instanceof Spread spread) {
        values.addAll(Values.list(spread.list().value(scope)));
      } else {
        values.add(expression.value(scope));
      }
    }
    return values;
  }
}
