package org.plumbline.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.model.Tokenizer;
import org.plumbline.testing.SharedData;

class TestChat {
  private static final int START = 1000;
  private static final int END = 1001;
  private static final int END_OF_TEXT = 0;
  private static final List<Message> HI = List.of(new Message("user", "hi"));
  private static final List<Message> TALK =
      List.of(
          new Message("user", "hi"),
          Message.response("yes?"),
          new Message("user", "tell"),
          Message.response("no"));
  private static final String TURNS =
      "{% for m in messages %}<|im_start|>{{ m.role }}: {{ m.content }}<|im_end|>{{ '\\n' }}{% endfor %}";

  @TempDir Path folder;
  private Tokenizer tokenizer;

  /** The tokenizer of GPT-2, with two more special tokens. */
  @BeforeEach
  void open() throws IOException {
    Path gpt2 = SharedData.path("data/models/tiny-random-gpt2");
    ObjectMapper json = new ObjectMapper();
    ObjectNode file = (ObjectNode) json.readTree(gpt2.resolve("tokenizer.json").toFile());
    ArrayNode added = (ArrayNode) file.get("added_tokens");
    for (int id : new int[] {START, END}) {
      ObjectNode token = added.get(0).deepCopy();
      added.add(token.put("id", id).put("content", id == START ? "<|im_start|>" : "<|im_end|>"));
    }
    json.writeValue(folder.resolve("tokenizer.json").toFile(), file);
    Files.copy(gpt2.resolve("tokenizer_config.json"), folder.resolve("tokenizer_config.json"));
    tokenizer = Tokenizer.open(folder.toUri().toString(), new Configuration());
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private Chat chat(String template) {
    LocalDateTime now = LocalDateTime.of(2025, 7, 10, 12, 0);
    return new Chat(
        new JinjaTemplate("test", template, Map.of("bos_token", "<s>"), now), tokenizer);
  }

  private String text(int... ids) {
    StringBuilder text = new StringBuilder();
    IntStream.of(ids).forEach(id -> text.append(tokenizer.spelling(id)));
    return text.toString();
  }

  /** What the assistant wrote, a piece a turn. */
  private List<String> responses(Transcript transcript) {
    List<String> pieces = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= transcript.ids().length; i++) {
      boolean response = i < transcript.ids().length && transcript.response()[i];
      if (response && start < 0) {
        start = i;
      } else if (!response && start >= 0) {
        pieces.add(text(Arrays.copyOfRange(transcript.ids(), start, i)));
        start = -1;
      }
    }
    return pieces;
  }

  @Test
  void specialTokensAreOneIdEach() {
    Chat chat = new Chat(NamedTemplate.CHATML, tokenizer);
    int[] prompt = chat.prompt(HI);
    assertThat(prompt).startsWith(START).contains(END).containsOnlyOnce(END);
    assertThat(text(prompt)).isEqualTo("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n");
    assertThat(chat.prompt(List.of(new Message("user", "a<|im_end|>b"))))
        .satisfies(ids -> assertThat(IntStream.of(ids).filter(id -> id == END)).hasSize(2));
  }

  @Test
  void aResponseEndsWithTheTurn() {
    Chat chat = new Chat(NamedTemplate.CHATML, tokenizer);
    assertThat(chat.end()).isEqualTo(END);
    assertThat(text(chat.response(HI, "yes?"))).isEqualTo("yes?");
    assertThat(chat.stops()).startsWith(END).contains(END_OF_TEXT);
    assertThat(chat.isStop(END)).isTrue();
    assertThat(chat.isStop(END_OF_TEXT)).isTrue();
    assertThat(chat.isStop(START)).isFalse();
  }

  @Test
  void withoutAnEndOfTurnTheTextEnds() {
    Chat chat = new Chat(NamedTemplate.DIALOGUE, tokenizer);
    assertThat(chat.end()).isEqualTo(END_OF_TEXT);
    assertThat(chat.stops()).containsExactly(END_OF_TEXT);
    assertThat(text(chat.response(HI, "yes?"))).isEqualTo(" yes?");
    Chat lines = chat("{% for m in messages %}{{ m.content }}!\n\n{% endfor %}");
    assertThat(lines.end()).isEqualTo(END_OF_TEXT);
    assertThat(text(lines.response(HI, "yes"))).isEqualTo("yes!");
  }

  @Test
  void whatStandsBehindTheEndIsNotTheAssistants() {
    // As in the first templates of Llama 3: the next header comes whether it is asked for or not.
    Chat chat = chat(TURNS + "<|im_start|>assistant:");
    assertThat(text(chat.prompt(HI))).endsWith("hi<|im_end|>\n<|im_start|>assistant:");
    assertThat(text(chat.response(HI, "yes?"))).isEqualTo(" yes?");
    assertThat(chat.end()).isEqualTo(END);
  }

  @Test
  void whatATemplatePutsBeforeAResponseIsPartOfIt() {
    Chat chat =
        chat(
            "{% for m in messages %}<|im_start|>{{ m.role }}\n"
                + "{% if loop.last and m.role == 'assistant' %}<think></think>{% endif %}"
                + "{{ m.content | trim }}<|im_end|>\n{% endfor %}"
                + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}");
    assertThat(text(chat.response(HI, " yes? "))).isEqualTo("<think></think>yes?");
    assertThat(responses(chat.transcript(TALK)))
        .containsExactly("yes?<|im_end|>", "<think></think>no<|im_end|>");
  }

  @Test
  void anOpenThoughtIsFollowedByTheResponseAsItIs() {
    Chat chat =
        chat(TURNS + "{% if add_generation_prompt %}<|im_start|>assistant: <think>{% endif %}");
    assertThat(text(chat.prompt(HI))).endsWith("assistant: <think>");
    assertThat(text(chat.response(HI, "hm</think>yes"))).isEqualTo("hm</think>yes");
    assertThat(chat.end()).isEqualTo(END);
    assertThatThrownBy(() -> chat.transcript(TALK))
        .isInstanceOf(ChatException.class)
        .hasMessage(
            "Cannot tell the assistant's turns from the rest in chat template test: it writes them"
                + " differently once more follows");
  }

  @Test
  void aTemplateMustSayWhatTheAssistantSays() {
    assertThatThrownBy(() -> chat("{{ messages[0].content }}"))
        .hasMessage("Cannot use chat template test: it leaves out what the assistant says");
  }

  @Test
  void aTextStartsOnce() {
    String stories = SharedData.path("data/models/stories260K-hf").toUri().toString();
    try (Tokenizer llama = Tokenizer.open(stories, new Configuration())) {
      assertThat(new Chat(NamedTemplate.DIALOGUE, llama).prompt(HI))
          .startsWith(1)
          .containsOnlyOnce(1);
      assertThat(new Chat(NamedTemplate.MISTRAL, llama).prompt(HI))
          .startsWith(1)
          .containsOnlyOnce(1);
      assertThat(new Chat(NamedTemplate.MISTRAL, llama).end()).isEqualTo(2);
      LocalDateTime now = LocalDateTime.of(2025, 7, 10, 12, 0);
      String bare = "{% for m in messages %}{{ m.content }}{% endfor %}";
      ChatTemplate without = new JinjaTemplate("test", bare, Map.of(), now);
      assertThat(new Chat(without, llama).prompt(HI)).doesNotContain(1);
      ChatTemplate with =
          new JinjaTemplate("test", "{{ bos_token }}" + bare, Map.of("bos_token", "<s>"), now);
      assertThat(new Chat(with, llama).prompt(HI)).startsWith(1).containsOnlyOnce(1);
    }
  }

  @Test
  void aTranscriptKnowsTheAssistantsTurns() {
    Chat chat = new Chat(NamedTemplate.CHATML, tokenizer);
    Transcript transcript = chat.transcript(TALK);
    assertThat(text(transcript.ids()))
        .isEqualTo(
            "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nyes?<|im_end|>\n"
                + "<|im_start|>user\ntell<|im_end|>\n<|im_start|>assistant\nno<|im_end|>\n");
    assertThat(responses(transcript)).containsExactly("yes?<|im_end|>", "no<|im_end|>");
    assertThat(transcript.ids()).startsWith(chat.prompt(TALK.subList(0, 3)));
    List<Message> spelled = List.of(HI.get(0), Message.response("a<|im_end|>b"), HI.get(0));
    assertThat(responses(chat.transcript(spelled))).containsExactly("a<|im_end|>b<|im_end|>");
    assertThat(responses(chat.transcript(HI))).isEmpty();
  }

  @Test
  void aTranscriptWithoutEndsOfTurnsEndsOnce() {
    Chat chat = new Chat(NamedTemplate.DIALOGUE, tokenizer);
    Transcript transcript = chat.transcript(TALK);
    assertThat(responses(transcript)).containsExactly(" yes?", " no<|endoftext|>");
    assertThat(chat.transcript(TALK.subList(0, 3)).ids()).doesNotContain(END_OF_TEXT);
    assertThat(responses(new Chat(NamedTemplate.PLAIN, tokenizer).transcript(TALK.subList(0, 2))))
        .containsExactly("yes?<|endoftext|>");
    assertThatThrownBy(() -> new Chat(NamedTemplate.PLAIN, tokenizer).transcript(TALK))
        .isInstanceOf(ChatException.class);
  }

  @Test
  void aTemplateMaySayItself() {
    Chat chat =
        chat(
            "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}"
                + "<|im_end|>{% endgeneration %}{% else %}{{ m.content }}|{% endif %}{% endfor %}");
    Transcript transcript = chat.transcript(TALK);
    assertThat(text(transcript.ids())).isEqualTo("hi|yes?<|im_end|>tell|no<|im_end|>");
    assertThat(responses(transcript)).containsExactly("yes?<|im_end|>", "no<|im_end|>");
  }
}
