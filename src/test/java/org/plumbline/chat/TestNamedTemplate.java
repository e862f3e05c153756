package org.plumbline.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The texts of chatml, llama2, llama3, mistral and zephyr are what transformers' settings of
 * Python's jinja2 print for the templates published with Qwen 2.5, Llama 2 Chat, Llama 3 Instruct,
 * Mixtral 8x7B Instruct and Zephyr 7B beta.
 */
class TestNamedTemplate {
  private static final Message SYSTEM = new Message("system", " be kind ");
  private static final List<Message> TURNS =
      List.of(
          new Message("user", " hi\n"),
          new Message("assistant", " yes? "),
          new Message("user", "tell"));
  private static final List<Message> ALL =
      List.of(SYSTEM, TURNS.get(0), TURNS.get(1), TURNS.get(2));

  @Test
  void dialogue() {
    assertThat(NamedTemplate.DIALOGUE.text(ALL, true))
        .isEqualTo(
            "\n\nSystem:  be kind \n\nHuman:  hi\n\n\nAssistant:  yes? \n\nHuman: tell\n\nAssistant:");
    assertThat(NamedTemplate.DIALOGUE.text(TURNS.subList(0, 2), false))
        .isEqualTo("\n\nHuman:  hi\n\n\nAssistant:  yes? ");
    assertThatThrownBy(() -> NamedTemplate.DIALOGUE.text(List.of(new Message("tool", "x")), true))
        .isInstanceOf(ChatException.class)
        .hasMessage("Invalid role: tool (must be system, user or assistant)");
  }

  @Test
  void plain() {
    assertThat(NamedTemplate.PLAIN.text(TURNS, true)).isEqualTo(" hi\n\n yes? \ntell");
    assertThat(NamedTemplate.PLAIN.text(TURNS.subList(0, 2), false)).isEqualTo(" hi\n yes? ");
  }

  @Test
  void chatml() {
    String closed =
        "<|im_start|>system\n be kind <|im_end|>\n<|im_start|>user\n hi\n<|im_end|>\n"
            + "<|im_start|>assistant\n yes? <|im_end|>\n<|im_start|>user\ntell<|im_end|>\n";
    assertThat(NamedTemplate.CHATML.text(ALL, false)).isEqualTo(closed);
    assertThat(NamedTemplate.CHATML.text(ALL, true)).isEqualTo(closed + "<|im_start|>assistant\n");
  }

  @Test
  void llama2() {
    String text =
        "<s>[INST] <<SYS>>\n be kind \n<</SYS>>\n\n hi [/INST] yes? </s><s>[INST] tell [/INST]";
    assertThat(NamedTemplate.LLAMA2.text(ALL, true)).isEqualTo(text);
    assertThat(NamedTemplate.LLAMA2.text(ALL, false)).isEqualTo(text);
    assertThat(NamedTemplate.LLAMA2.text(TURNS.subList(0, 2), false))
        .isEqualTo("<s>[INST] hi [/INST] yes? </s>");
  }

  @Test
  void llama3() {
    String closed =
        "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nbe kind<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|>"
            + "<|start_header_id|>assistant<|end_header_id|>\n\nyes?<|eot_id|>"
            + "<|start_header_id|>user<|end_header_id|>\n\ntell<|eot_id|>";
    assertThat(NamedTemplate.LLAMA3.text(ALL, false)).isEqualTo(closed);
    assertThat(NamedTemplate.LLAMA3.text(ALL, true))
        .isEqualTo(closed + "<|start_header_id|>assistant<|end_header_id|>\n\n");
  }

  @Test
  void mistral() {
    assertThat(NamedTemplate.MISTRAL.text(TURNS, true))
        .isEqualTo("<s>[INST]  hi\n [/INST] yes? </s>[INST] tell [/INST]");
    assertThatThrownBy(() -> NamedTemplate.MISTRAL.text(ALL, true))
        .isInstanceOf(ChatException.class)
        .hasMessage(
            "Cannot write a dialogue by chat template mistral: turn 1 is from system"
                + " (must be user and assistant in turn)");
  }

  @Test
  void zephyr() {
    String closed =
        "<|system|>\n be kind </s>\n<|user|>\n hi\n</s>\n<|assistant|>\n yes? </s>\n"
            + "<|user|>\ntell</s>\n";
    assertThat(NamedTemplate.ZEPHYR.text(ALL, false)).isEqualTo(closed);
    assertThat(NamedTemplate.ZEPHYR.text(ALL, true)).isEqualTo(closed + "<|assistant|>\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dialogue", "plain", "chatml", "llama2", "llama3", "mistral", "zephyr"})
  void aFinishedDialogueBeginsWithItsPrompt(String name) {
    NamedTemplate template = NamedTemplate.named(name).orElseThrow();
    List<Message> finished =
        List.of(TURNS.get(0), TURNS.get(1), TURNS.get(2), Message.response("no"));
    assertThat(template.text(finished, false))
        .startsWith(template.text(TURNS, true))
        .contains("no");
  }
}
