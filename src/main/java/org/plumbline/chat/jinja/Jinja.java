package org.plumbline.chat.jinja;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Jinja template, rendered to the character as Python's jinja2 does with the settings of
 * transformers ({@code trim_blocks}, {@code lstrip_blocks}, loop controls, {@code generation}
 * blocks). It knows the part of the language that chat templates use, and says so where a template
 * uses more. Templates come with models from anywhere: one sees nothing but the values that it is
 * given, reaches no file and no Java, and is stopped when it takes too long or writes too much.
 */
public final class Jinja {
  private final String name;
  private final Statement template;

  private Jinja(String name, Statement template) {
    this.name = name;
    this.template = template;
  }

  /**
   * Part of a text.
   *
   * @param start of its first character
   * @param end behind its last
   */
  public record Span(int start, int end) {}

  /**
   * What came out.
   *
   * @param generations what {@code generation} blocks wrote, in order
   */
  public record Rendered(String text, List<Span> generations) {}

  /**
   * Reads a template.
   *
   * @param name what to call it in errors
   * @throws JinjaException if it is no template, or uses what is not known here
   */
  public static Jinja parse(String name, String source) {
    try {
      return new Jinja(name, new StatementParser(new Tokens(Lexer.tokens(source))).template());
    } catch (JinjaException | NumberFormatException e) {
      throw new JinjaException("Cannot read chat template " + name + ": " + e.getMessage());
    } catch (StackOverflowError e) {
      throw new JinjaException("Cannot read chat template " + name + ": it is nested too deeply");
    }
  }

  /**
   * Renders it.
   *
   * @param values by name: null, Booleans, Longs, Doubles, Strings, and Lists and Maps of such
   * @param now the time for templates that ask for it
   * @throws JinjaException if the template refuses, uses what is not known here, or takes too much
   */
  public Rendered render(Map<String, Object> values, LocalDateTime now) {
    Map<String, Object> all = new HashMap<>(Functions.all(now));
    all.putAll(values);
    Scope scope = Scope.root(all);
    Output output = new Output();
    try {
      template.run(scope, output);
    } catch (StackOverflowError e) {
      throw error(scope, "it calls itself too often");
    } catch (JinjaException
        | ArithmeticException
        | ClassCastException
        | DateTimeException
        | IndexOutOfBoundsException e) {
      throw error(scope, e.getMessage());
    }
    return new Rendered(output.toString(), output.generations());
  }

  private JinjaException error(Scope scope, String problem) {
    return new JinjaException(
        "Cannot render chat template %s: line %d: %s".formatted(name, scope.line(), problem));
  }
}
