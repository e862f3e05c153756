package org.plumbline.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.plumbline.chat.jinja.Token.Kind;

/** Reads expressions: conditional, or, and, not, comparison, sum, ~, product, sign, parts. */
final class ExpressionParser {
  private static final Set<String> ENDS_TEST = Set.of("else", "or", "and", "if", "is", "not", "in");

  private final Tokens tokens;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Any expression; several with commas between are a list. */
  Expression list() {
    Expression first = expression();
    if (!tokens.at(",")) {
      return first;
    }
    List<Expression> elements = new ArrayList<>(List.of(first));
    while (tokens.accept(",") && !tokens.at(")") && !tokens.at(Kind.CLOSE)) {
      elements.add(expression());
    }
    return scope -> Arguments.values(elements, scope);
  }

  Expression expression() {
    Expression value = or();
    while (tokens.accept("if")) {
      Expression then = value;
      Expression test = or();
      Expression other =
          tokens.accept("else") ? expression() : scope -> new Undefined("an if without else");
      value = scope -> (Values.truth(test.value(scope)) ? then : other).value(scope);
    }
    return value;
  }

  /** An expression that is no conditional, such as what a loop goes over. */
  Expression or() {
    Expression left = and();
    while (tokens.accept("or")) {
      Expression first = left;
      Expression second = and();
      left =
          scope -> {
            Object value = first.value(scope);
            return Values.truth(value) ? value : second.value(scope);
          };
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.accept("and")) {
      Expression first = left;
      Expression second = not();
      left =
          scope -> {
            Object value = first.value(scope);
            return Values.truth(value) ? second.value(scope) : value;
          };
    }
    return left;
  }

  private Expression not() {
    if (tokens.accept("not")) {
      Expression value = not();
      return scope -> !Values.truth(value.value(scope));
    }
    return comparison();
  }

  private interface Comparison {
    boolean holds(Object left, Object right);
  }

  private Expression comparison() {
    List<Expression> operands = new ArrayList<>(List.of(sum()));
    List<Comparison> comparisons = new ArrayList<>();
    for (Comparison next = nextComparison(); next != null; next = nextComparison()) {
      comparisons.add(next);
      operands.add(sum());
    }
    return comparisons.isEmpty()
        ? operands.get(0)
        : scope -> {
          Object left = operands.get(0).value(scope);
          for (int i = 0; i < comparisons.size(); i++) {
            Object right = operands.get(i + 1).value(scope);
            if (!comparisons.get(i).holds(left, right)) {
              return false;
            }
            left = right;
          }
          return true;
        };
  }

  private Comparison nextComparison() {
    if (tokens.at("not") && tokens.peekFurther().is("in")) {
      tokens.next();
      tokens.next();
      return (left, right) -> !Values.contains(right, left);
    }
    Comparison comparison = tokens.at(Kind.STRING) ? null : comparison(tokens.peek().text());
    if (comparison != null) {
      tokens.next();
    }
    return comparison;
  }

  private static Comparison comparison(String operator) {
    return switch (operator) {
      case "==" -> Values::equal;
      case "!=" -> (left, right) -> !Values.equal(left, right);
      case "<" -> (left, right) -> Values.compare(left, right) < 0;
      case "<=" -> (left, right) -> Values.compare(left, right) <= 0;
      case ">" -> (left, right) -> Values.compare(left, right) > 0;
      case ">=" -> (left, right) -> Values.compare(left, right) >= 0;
      case "in" -> (left, right) -> Values.contains(right, left);
      default -> null;
    };
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.at("+") || tokens.at("-")) {
      left = arithmetic(tokens.next().text(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (tokens.accept("~")) {
      Expression first = left;
      Expression second = product();
      left = scope -> scope.made(Text.of(first.value(scope)) + Text.of(second.value(scope)));
    }
    return left;
  }

  private Expression product() {
    Expression left = signed();
    while (tokens.at("*") || tokens.at("/") || tokens.at("//") || tokens.at("%")) {
      left = arithmetic(tokens.next().text(), left, signed());
    }
    return left;
  }

  private static Expression arithmetic(String operator, Expression left, Expression right) {
    return scope -> scope.made(Values.arithmetic(operator, left.value(scope), right.value(scope)));
  }

  private Expression signed() {
    if (tokens.accept("-")) {
      return filtered(arithmetic("-", scope -> 0L, postfix(primary())));
    }
    return filtered(postfix(primary()));
  }

  private Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token.text());
      case STRING -> string(token.text());
      case INTEGER -> constant(Long.valueOf(token.text()));
      case FLOAT -> constant(Double.valueOf(token.text()));
      default -> bracketed(token);
    };
  }

  private Expression bracketed(Token open) {
    if (open.is("(")) {
      Expression inner = tokens.at(")") ? constant(List.of()) : list();
      tokens.expect(")");
      return inner;
    } else if (open.is("[")) {
      List<Expression> elements = new ArrayList<>();
      while (!tokens.accept("]")) {
        elements.add(expression());
        separator("]");
      }
      return scope -> Arguments.values(elements, scope);
    } else if (open.is("{")) {
      return map();
    }
    throw new JinjaException(
        "line %d: %s where a value should be".formatted(open.line(), open.text()));
  }

  private Expression map() {
    Map<Expression, Expression> entries = new LinkedHashMap<>();
    while (!tokens.accept("}")) {
      Expression key = expression();
      tokens.expect(":");
      entries.put(key, expression());
      separator("}");
    }
    return scope -> {
      Map<Object, Object> map = new LinkedHashMap<>();
      entries.forEach((key, value) -> map.put(key.value(scope), value.value(scope)));
      return map;
    };
  }

  private void separator(String end) {
    if (!tokens.at(end)) {
      tokens.expect(",");
    }
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> constant(true);
      case "false", "False" -> constant(false);
      case "none", "None" -> constant(null);
      default -> scope -> scope.get(name);
    };
  }

  private Expression string(String first) {
    StringBuilder text = new StringBuilder(first);
    while (tokens.at(Kind.STRING)) {
      text.append(tokens.next().text());
    }
    return constant(text.toString());
  }

  private static Expression constant(Object value) {
    return scope -> value;
  }

  private Expression postfix(Expression start) {
    Expression value = start;
    while (true) {
      Expression of = value;
      if (tokens.accept(".")) {
        Token part = tokens.next();
        value =
            part.kind() == Kind.INTEGER
                ? scope -> Values.item(of.value(scope), Long.valueOf(part.text()))
                : scope -> Values.attribute(of.value(scope), part.text());
      } else if (tokens.accept("[")) {
        value = subscript(of);
      } else if (tokens.at("(")) {
        Arguments arguments = arguments();
        value = scope -> scope.made(call(of.value(scope), arguments, scope));
      } else {
        return value;
      }
    }
  }

  private static Object call(Object value, Arguments arguments, Scope scope) {
    if (value instanceof Callable callable) {
      return callable.call(arguments.positions(scope), arguments.names(scope));
    }
    throw new JinjaException(
        value instanceof Undefined undefined
            ? "there is no function or method " + undefined.name()
            : Text.of(value) + " cannot be called");
  }

  private Expression subscript(Expression of) {
    Expression[] bounds = new Expression[3];
    int colons = 0;
    while (!tokens.accept("]")) {
      if (tokens.accept(":")) {
        colons++;
      } else {
        bounds[colons] = expression();
      }
      if (colons > 2) {
        throw tokens.unexpected("]");
      }
    }
    Expression key = bounds[0];
    if (colons == 0) {
      return scope -> Values.item(of.value(scope), key.value(scope));
    }
    return scope ->
        Values.slice(
            of.value(scope),
            valueOrNull(bounds[0], scope),
            valueOrNull(bounds[1], scope),
            valueOrNull(bounds[2], scope));
  }

  private static Object valueOrNull(Expression expression, Scope scope) {
    return expression == null ? null : expression.value(scope);
  }

  /** What stands in the brackets of a call. */
  Arguments arguments() {
    Arguments arguments = new Arguments(new ArrayList<>(), new LinkedHashMap<>());
    tokens.expect("(");
    while (!tokens.accept(")")) {
      if (tokens.at(Kind.NAME) && tokens.peekFurther().is("=")) {
        String name = tokens.expectName();
        tokens.expect("=");
        arguments.byName().put(name, expression());
      } else if (tokens.accept("*")) {
        arguments.inOrder().add(new Arguments.Spread(expression()));
      } else {
        arguments.inOrder().add(expression());
      }
      separator(")");
    }
    return arguments;
  }

  private Expression filtered(Expression start) {
    Expression value = start;
    while (true) {
      Expression of = value;
      if (tokens.at("|")) {
        value = filters(of);
      } else if (tokens.accept("is")) {
        value = test(of);
      } else {
        return value;
      }
    }
  }

  /** The filters that follow, one after the other. */
  Expression filters(Expression start) {
    Expression value = start;
    while (tokens.accept("|")) {
      Expression of = value;
      String name = tokens.expectName();
      Arguments arguments = tokens.at("(") ? arguments() : new Arguments(List.of(), Map.of());
      value =
          scope ->
              scope.made(
                  Filters.apply(
                      name, of.value(scope), arguments.positions(scope), arguments.names(scope)));
    }
    return value;
  }

  private Expression test(Expression of) {
    boolean negated = tokens.accept("not");
    String name = tokens.expectName();
    List<Expression> arguments = List.of();
    if (tokens.at("(")) {
      arguments = arguments().inOrder();
    } else if (startsArgument()) {
      arguments = List.of(postfix(primary()));
    }
    List<Expression> given = arguments;
    return scope -> negated != Filters.test(name, of.value(scope), Arguments.values(given, scope));
  }

  private boolean startsArgument() {
    return switch (tokens.peek().kind()) {
      case NAME -> !ENDS_TEST.contains(tokens.peek().text());
      case STRING, INTEGER, FLOAT -> true;
      default -> tokens.at("[") || tokens.at("{");
    };
  }
}
