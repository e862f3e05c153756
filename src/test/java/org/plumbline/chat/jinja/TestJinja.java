package org.plumbline.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestJinja {
  private static final LocalDateTime NOW = LocalDateTime.of(2025, 7, 10, 12, 0);

  private static String render(String template, Map<String, Object> values) {
    return Jinja.parse("test", template).render(values, NOW).text();
  }

  /** Against Python: {@code cases.json} says how its texts came about. */
  @TestFactory
  Stream<DynamicTest> readsAsPythonDoes() throws IOException {
    try (InputStream in = TestJinja.class.getResourceAsStream("cases.json")) {
      ObjectMapper json = new ObjectMapper();
      JsonNode file = json.readTree(in);
      Map<String, Object> values = new HashMap<>();
      values.put("messages", json.convertValue(file.get("messages"), List.class));
      values.put("tools", null);
      values.put("documents", null);
      values.put("bos_token", "<s>");
      values.put("eos_token", "</s>");
      values.put("add_generation_prompt", true);
      return StreamSupport.stream(file.get("cases").spliterator(), false)
          .map(test -> dynamicTest(test.get("name").asText(), () -> check(test, values)));
    }
  }

  private static void check(JsonNode test, Map<String, Object> values) {
    String template = test.get("template").asText();
    if (test.has("refused")) {
      assertThatThrownBy(() -> render(template, values)).isInstanceOf(JinjaException.class);
    } else {
      assertThat(render(template, values)).isEqualTo(test.get("text").asText());
    }
  }

  @Test
  void saysWhatGenerationBlocksWrote() {
    Jinja template =
        Jinja.parse(
            "test",
            "{% for m in messages %}<{% generation %}{{ m }}{% endgeneration %}>{% endfor %}");

    assertThat(template.render(Map.of("messages", List.of("ab", "", "c")), NOW))
        .isEqualTo(
            new Jinja.Rendered(
                "<ab><><c>",
                List.of(new Jinja.Span(1, 3), new Jinja.Span(5, 5), new Jinja.Span(7, 8))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{% if x %};line 1: end of template where elif or else or endif should be",
        "a{# b;line 1: a comment is not closed",
        "{{ x;line 1: {{ is not closed",
        "{{ (x }};line 1: unexpected }",
        "{{ x ] }};line 1: unexpected ]",
        "{{ 1 + }};line 1: }} where a value should be",
        "{{ x ? y }};line 1: unexpected ?",
        "{% include 'x' %};line 1: there is no statement include",
        "{% endif %};line 1: there is no statement endif",
        "{% set x = %};line 1: %} where a value should be",
        "{{ '\\x4' }};line 1: a string with half an escape",
      })
  void saysWhatIsWrongWithATemplate(String template, String problem) {
    assertThatThrownBy(() -> Jinja.parse("test", template))
        .isInstanceOf(JinjaException.class)
        .hasMessage("Cannot read chat template test: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{{ 'a' | sha1 }};there is no filter sha1",
        "{{ 'a' | tojson(sort_keys=true) }};there is no filter tojson with these arguments",
        "{{ 'a' is prime }};there is no test prime",
        "{{ shout('a') }};there is no function or method shout",
        "{{ 'a'.encode() }};there is no function or method encode",
        "{{ 'a'.split(sep='b') }};split takes no arguments by name here",
        "{{ 1 // 0 }};/ by zero",
        "{{ [1][::0] }};the step of a slice is 0",
        "{{ x.y }};x is undefined, it has no y",
        "{{ 'a' + x }};cannot + String and x, which is undefined,",
        "{{ raise_exception('no') }};the template says: no",
      })
  void saysWhatItCannotRender(String template, String problem) {
    assertThatThrownBy(() -> render("\n" + template, Map.of()))
        .isInstanceOf(JinjaException.class)
        .hasMessage("Cannot render chat template test: line 2: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }};it calls itself too often",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% set c = b %}{% endfor %}"
            + "{% endfor %};it takes more than 5000000 steps",
        "{% set n = namespace(t='aa') %}{% for i in range(99) %}{% set n.t = n.t + n.t %}"
            + "{% endfor %};a text or list became too long",
        "{% set n = namespace(t=[1]) %}{% for i in range(99) %}{% set n.t = n.t + n.t %}"
            + "{% endfor %};a text or list became too long",
        "{{ 'ab' * 999999999999 }};a text or list became too long",
        "{{ ('a' * 9999999).replace('a', 'b' * 9999999) }};a text became too long",
        "{% for i in range(99999) %}{{ 'a' * 9999 }}{% endfor %};the output became too long",
        "{{ range(999999999) }};a range of more than 100000 numbers",
        "{{ 'a'.split('') }};empty separator",
        "{% set n = namespace(t=[1]) %}{% for i in range(40) %}{% set n.t = [n.t, n.t] %}"
            + "{% endfor %}{{ n.t }};a text became too long",
        "{% set n = namespace(t=[1]) %}{% for i in range(40) %}{% set n.t = [n.t, n.t] %}"
            + "{% endfor %}{{ n.t | tojson }};a text became too long",
        "{{ [1] | tojson(indent=2000000000) }};a text became too long",
      })
  void endsWhatWouldNotEnd(String template, String problem) {
    assertThatThrownBy(() -> render(template, Map.of()))
        .isInstanceOf(JinjaException.class)
        .hasMessageEndingWith(": " + problem);
  }

  @Test
  void nestingHasAnEnd() {
    assertThatThrownBy(
            () ->
                Jinja.parse(
                    "test", "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}"))
        .hasMessage("Cannot read chat template test: it is nested too deeply");
  }
}
