package org.plumbline.chat.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.plumbline.chat.jinja.Token.Kind;

/**
 * Cuts a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks} on, as
 * transformers sets them: of a line that holds only a block, nothing is left.
 */
final class Lexer {
  private static final Pattern OPENING = Pattern.compile("\\{[{%#]");
  private static final Pattern SYMBOL =
      Pattern.compile(
          "(?<float>\\d+\\.\\d+(?:[eE][+-]?\\d+)?|\\d+[eE][+-]?\\d+)"
              + "|(?<integer>\\d+(?:_\\d+)*)"
              + "|(?<name>[\\p{L}_][\\p{L}\\p{N}_]*)"
              + "|(?<string>'(?:[^'\\\\]++|\\\\.)*+'|\"(?:[^\"\\\\]++|\\\\.)*+\")"
              + "|(?<operator>\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=|.,:()\\[\\]{}])",
          Pattern.DOTALL);

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int counted;

  private Lexer(String source) {
    String lines = source.replace("\r\n", "\n").replace('\r', '\n');
    this.source = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
  }

  static List<Token> tokens(String source) {
    Lexer lexer = new Lexer(source);
    Matcher opening = OPENING.matcher(lexer.source);
    while (opening.find(lexer.at)) {
      lexer.text(opening.start());
      lexer.tag(opening.group());
    }
    lexer.add(Kind.TEXT, lexer.source.substring(lexer.at));
    lexer.add(Kind.END, "end of template");
    return lexer.tokens;
  }

  /** Text up to an opening, less the whitespace that the opening takes with it. */
  private void text(int opening) {
    String text = source.substring(at, opening);
    char sign = opening + 2 < source.length() ? source.charAt(opening + 2) : ' ';
    int start = text.lastIndexOf('\n') + 1;
    boolean startsLine = start > 0 || at == 0 || source.charAt(at - 1) == '\n';
    if (sign == '-') {
      text = Text.strip(text, null, false, true);
    } else if (sign != '+'
        && source.charAt(opening + 1) != '{'
        && startsLine
        && Text.isBlank(text.substring(start))) {
      text = text.substring(0, start);
    }
    add(Kind.TEXT, text);
    at = opening + (sign == '-' || sign == '+' ? 3 : 2);
  }

  private void tag(String opening) {
    if (opening.equals("{#")) {
      int end = source.indexOf("#}", at);
      if (end < 0) {
        throw error("a comment is not closed");
      }
      at = "-+".indexOf(source.charAt(end - 1)) >= 0 ? Math.max(at, end - 1) : end;
      close("#}");
      return;
    }
    add(Kind.OPEN, opening);
    String closing = opening.equals("{{") ? "}}" : "%}";
    Deque<String> brackets = new ArrayDeque<>();
    Matcher symbol = SYMBOL.matcher(source);
    while (true) {
      skipSpace();
      if (brackets.isEmpty() && closes(closing)) {
        add(Kind.CLOSE, closing);
        close(closing);
        return;
      }
      if (!symbol.region(at, source.length()).lookingAt()) {
        throw error(at == source.length() ? opening + " is not closed" : "unexpected " + here());
      }
      symbol(symbol, brackets);
      at = symbol.end();
    }
  }

  private void symbol(Matcher symbol, Deque<String> brackets) {
    for (Kind kind : List.of(Kind.FLOAT, Kind.INTEGER, Kind.NAME, Kind.STRING, Kind.OPERATOR)) {
      String text = symbol.group(kind.name().toLowerCase(Locale.ROOT));
      if (text != null) {
        if ("([{".contains(text)) {
          brackets.push(text);
        } else if (")]}".contains(text) && brackets.poll() == null) {
          throw error("unexpected " + text);
        }
        add(kind, meaning(kind, text));
      }
    }
  }

  private String meaning(Kind kind, String text) {
    try {
      return switch (kind) {
        case STRING -> Text.unescape(text);
        case INTEGER -> text.replace("_", "");
        default -> text;
      };
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw error("a string with half an escape");
    }
  }

  private boolean closes(String closing) {
    return source.startsWith(closing, at)
        || (source.startsWith("-" + closing, at) || source.startsWith("+" + closing, at));
  }

  /** Past a closing, and the whitespace that it takes with it. */
  private void close(String closing) {
    char sign = source.charAt(at);
    at += closing.length() + (sign == '-' || sign == '+' ? 1 : 0);
    if (sign == '-') {
      skipSpace();
    } else if (sign != '+' && !closing.equals("}}") && source.startsWith("\n", at)) {
      at++;
    }
  }

  private void skipSpace() {
    while (at < source.length() && Text.isSpace(source.charAt(at))) {
      at++;
    }
  }

  private void add(Kind kind, String text) {
    if (kind != Kind.TEXT || !text.isEmpty()) {
      tokens.add(new Token(kind, text, line()));
    }
  }

  private int line() {
    for (; counted < at; counted++) {
      line += source.charAt(counted) == '\n' ? 1 : 0;
    }
    return line;
  }

  private String here() {
    return source.substring(at, source.offsetByCodePoints(at, 1));
  }

  private JinjaException error(String problem) {
    return new JinjaException("line " + line() + ": " + problem);
  }
}
