package org.plumbline.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.plumbline.chat.jinja.Statement.Flow;
import org.plumbline.chat.jinja.Token.Kind;

/** Reads a template: text, {@code {{ }}}, and the statements that chat templates use. */
final class StatementParser {
  private static final String CALLER = "caller";

  private final Tokens tokens;
  private final ExpressionParser expressions;

  StatementParser(Tokens tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  Statement template() {
    Statement template = until(Set.of());
    if (!tokens.at(Kind.END)) {
      throw tokens.unexpected("the end of the template");
    }
    return template;
  }

  /** Everything up to one of {@code ends}, which is left to be read. */
  private Statement until(Set<String> ends) {
    List<Statement> statements = new ArrayList<>();
    while (!tokens.at(Kind.END)) {
      if (tokens.at("{%") && ends.contains(tokens.peekFurther().text())) {
        tokens.next();
        break;
      }
      statements.add(statement());
    }
    if (!ends.isEmpty() && tokens.at(Kind.END)) {
      throw tokens.unexpected(String.join(" or ", ends.stream().sorted().toList()));
    }
    return (scope, output) -> {
      for (Statement statement : statements) {
        Flow flow = statement.run(scope, output);
        if (flow != Flow.ON) {
          return flow;
        }
      }
      return Flow.ON;
    };
  }

  private Statement statement() {
    Token token = tokens.next();
    if (token.kind() == Kind.TEXT) {
      return writing(scope -> token.text());
    }
    if (token.is("{{")) {
      Expression value = expressions.list();
      tokens.expect("}}");
      return counted(token.line(), writing(value));
    }
    return counted(token.line(), named(tokens.expectName(), token.line()));
  }

  private static Statement counted(int line, Statement statement) {
    return (scope, output) -> {
      scope.step(line);
      return statement.run(scope, output);
    };
  }

  private static Statement writing(Expression value) {
    return (scope, output) -> {
      output.write(Text.of(value.value(scope)));
      return Flow.ON;
    };
  }

  private Statement named(String name, int line) {
    return switch (name) {
      case "if" -> branch();
      case "for" -> loop();
      case "set" -> assignment();
      case "macro" -> macro();
      case "call" -> call();
      case "generation" -> generation();
      case "break" -> leaving(Flow.BREAK);
      case "continue" -> leaving(Flow.CONTINUE);
      default ->
          throw new JinjaException("line %d: there is no statement %s".formatted(line, name));
    };
  }

  private Statement leaving(Flow flow) {
    tokens.expect("%}");
    return (scope, output) -> flow;
  }

  private Statement body(String... ends) {
    tokens.expect("%}");
    return until(Set.of(ends));
  }

  private void end(String name) {
    tokens.expect(name);
    tokens.expect("%}");
  }

  private Statement branch() {
    Expression test = expressions.list();
    Statement then = body("elif", "else", "endif");
    Statement other = (scope, output) -> Flow.ON;
    if (tokens.accept("elif")) {
      other = branch();
    } else {
      if (tokens.accept("else")) {
        other = body("endif");
      }
      end("endif");
    }
    Statement otherwise = other;
    return (scope, output) ->
        (Values.truth(test.value(scope)) ? then : otherwise).run(scope, output);
  }

  private Statement loop() {
    List<String> names = names();
    tokens.expect("in");
    Expression values = expressions.or();
    Expression filter = tokens.accept("if") ? expressions.expression() : scope -> true;
    Statement body = body("else", "endfor");
    Statement empty = tokens.accept("else") ? body("endfor") : (scope, output) -> Flow.ON;
    end("endfor");
    return new Loop(names, values, filter, body, empty);
  }

  private List<String> names() {
    boolean bracket = tokens.accept("(");
    List<String> names = new ArrayList<>(List.of(tokens.expectName()));
    while (tokens.accept(",")) {
      names.add(tokens.expectName());
    }
    if (bracket) {
      tokens.expect(")");
    }
    return names;
  }

  private Statement assignment() {
    if (tokens.peekFurther().is(".")) {
      return partAssignment();
    }
    List<String> names = names();
    if (tokens.accept("=")) {
      Expression value = expressions.list();
      tokens.expect("%}");
      return (scope, output) -> {
        Loop.assign(names, value.value(scope), scope);
        return Flow.ON;
      };
    }
    Expression filters = expressions.filters(scope -> scope.get("\0block"));
    Statement body = body("endset");
    end("endset");
    return (scope, output) -> {
      Scope filtered = scope.inner();
      filtered.set("\0block", text(body, scope.inner()));
      Loop.assign(names, filters.value(filtered), scope);
      return Flow.ON;
    };
  }

  /** {@code set name.part = value}, which only a namespace allows. */
  private Statement partAssignment() {
    String name = tokens.expectName();
    tokens.expect(".");
    String part = tokens.expectName();
    tokens.expect("=");
    Expression value = expressions.list();
    tokens.expect("%}");
    return (scope, output) -> {
      if (!(scope.get(name) instanceof Namespace namespace)) {
        throw new JinjaException(name + " is no namespace, it cannot be changed");
      }
      namespace.put(part, value.value(scope));
      return Flow.ON;
    };
  }

  private Statement generation() {
    Statement body = body("endgeneration");
    end("endgeneration");
    return (scope, output) -> {
      int start = output.length();
      Flow flow = body.run(scope.inner(), output);
      output.generated(start);
      return flow;
    };
  }

  private Statement macro() {
    String name = tokens.expectName();
    Map<String, Expression> parameters = parameters();
    Statement body = body("endmacro");
    end("endmacro");
    return (scope, output) -> {
      scope.set(name, called(name, parameters, body, scope));
      return Flow.ON;
    };
  }

  /** Calls a macro that can in turn call what stands between {@code call} and {@code endcall}. */
  private Statement call() {
    Map<String, Expression> parameters = tokens.at("(") ? parameters() : Map.of();
    String name = tokens.expectName();
    Arguments arguments = expressions.arguments();
    Statement body = body("endcall");
    end("endcall");
    return (scope, output) -> {
      if (!(scope.get(name) instanceof Callable macro)) {
        throw new JinjaException("there is no macro " + name);
      }
      Map<String, Object> named = arguments.names(scope);
      named.put(CALLER, called(CALLER, parameters, body, scope));
      output.write(Text.of(macro.call(arguments.positions(scope), named)));
      return Flow.ON;
    };
  }

  private Map<String, Expression> parameters() {
    Map<String, Expression> parameters = new LinkedHashMap<>();
    tokens.expect("(");
    while (!tokens.accept(")")) {
      String parameter = tokens.expectName();
      parameters.put(
          parameter,
          tokens.accept("=") ? expressions.expression() : scope -> new Undefined(parameter));
      if (!tokens.at(")")) {
        tokens.expect(",");
      }
    }
    return parameters;
  }

  private static Callable called(
      String name, Map<String, Expression> parameters, Statement body, Scope around) {
    return (arguments, named) -> {
      Scope scope = around.inner();
      if (named.containsKey(CALLER)) {
        scope.set(CALLER, named.remove(CALLER));
      }
      if (arguments.size() > parameters.size()
          || !parameters.keySet().containsAll(named.keySet())) {
        throw new JinjaException("macro " + name + " has no such parameters");
      }
      int given = 0;
      for (Map.Entry<String, Expression> parameter : parameters.entrySet()) {
        String key = parameter.getKey();
        Object absent = named.containsKey(key) ? named.get(key) : parameter.getValue().value(scope);
        scope.set(key, given < arguments.size() ? arguments.get(given) : absent);
        given++;
      }
      return text(body, scope);
    };
  }

  private static String text(Statement body, Scope scope) {
    Output output = new Output();
    body.run(scope, output);
    return output.toString();
  }
}
