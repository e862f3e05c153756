package org.plumbline.chat.jinja;

import java.util.List;
import org.plumbline.chat.jinja.Token.Kind;

/** The tokens of a template, read one after the other. */
final class Tokens {
  private final List<Token> tokens;
  private int at;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  /** The token after the next. */
  Token peekFurther() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    return tokens.get(at++);
  }

  boolean at(String symbol) {
    return peek().is(symbol);
  }

  boolean at(Kind kind) {
    return peek().kind() == kind;
  }

  boolean accept(String symbol) {
    boolean there = at(symbol);
    at += there ? 1 : 0;
    return there;
  }

  void expect(String symbol) {
    if (!accept(symbol)) {
      throw unexpected(symbol);
    }
  }

  String expectName() {
    if (!at(Kind.NAME)) {
      throw unexpected("a name");
    }
    return next().text();
  }

  JinjaException unexpected(String instead) {
    return new JinjaException(
        "line %d: %s where %s should be".formatted(peek().line(), peek().text(), instead));
  }
}
