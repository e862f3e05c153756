package org.plumbline.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.plumbline.chat.Chat;
import org.plumbline.chat.ChatTemplate;
import org.plumbline.chat.Message;
import org.plumbline.config.TokensSettings;
import org.plumbline.model.Context;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.Tokenizer;
import org.plumbline.table.PromptId;
import org.plumbline.testing.SharedData;

class TestEncoder {
  private static final List<Message> ONCE =
      Encoder.messages(List.of(PromptId.message("user", "Once upon a time")));

  private static Tokenizer open(String model) {
    String uri = SharedData.path("data/models/" + model).toUri().toString();
    return Tokenizer.open(uri, new Configuration());
  }

  private static Encoder encoder(Tokenizer tokenizer, Limits limits) {
    ChatTemplate plain = ChatTemplate.of("plain", "file:///none", new Configuration());
    return new Encoder(new Chat(plain, tokenizer), tokenizer, limits);
  }

  @Test
  void promptStartsWithBosAndResponseEndsWithEos() {
    try (Tokenizer tokenizer = open("stories260K-hf")) {
      Encoder encoder = encoder(tokenizer, new Limits(8, 16));
      Encoder.Ids prompt = encoder.prompt(ONCE);
      assertThat(prompt.ids()).containsExactly(1, 403, 407, 261, 378);
      assertThat(prompt.cut()).isFalse();
      Encoder.Ids response = encoder.response(ONCE, " upon a time", 5);
      assertThat(response.ids()).containsExactly(407, 261, 378, 2);
      assertThat(encoder.isEmpty(encoder.response(ONCE, "", 5))).isTrue();
      assertThat(encoder.isEmpty(response)).isFalse();
    }
  }

  @Test
  void whatIsTooLongIsCutByRule() {
    try (Tokenizer tokenizer = open("stories260K-hf")) {
      Encoder encoder = encoder(tokenizer, new Limits(4, 7));
      Encoder.Ids prompt = encoder.prompt(ONCE);
      assertThat(prompt.ids()).containsExactly(1, 407, 261, 378);
      assertThat(prompt.cut()).isTrue();
      // Room for three: three tokens of text leave none for the end token.
      Encoder.Ids response = encoder.response(ONCE, " upon a time", 4);
      assertThat(response.ids()).containsExactly(407, 261, 378);
      assertThat(response.cut()).isTrue();
      assertThat(encoder.response(ONCE, " upon a", 4).ids()).containsExactly(407, 261, 2);
      assertThat(encoder.response(ONCE, " upon a time upon", 4).ids())
          .containsExactly(407, 261, 378);
    }
  }

  @Test
  void tokenizersWithoutBosGetNone() {
    try (Tokenizer tokenizer = open("tiny-random-gpt2")) {
      Encoder encoder = encoder(tokenizer, new Limits(32, 64));
      int[] ids = tokenizer.encode("Once upon a time");
      assertThat(ids).hasSizeLessThanOrEqualTo(32);
      assertThat(encoder.prompt(ONCE).ids()).isEqualTo(ids);
    }
  }

  @Test
  void limitsStayWithinTheModel() {
    TokensSettings settings = new TokensSettings("plain", 512, 256);
    assertThat(Limits.of(settings, positions(300))).isEqualTo(new Limits(256, 300));
    assertThat(Limits.of(settings, positions(2048))).isEqualTo(new Limits(256, 512));
    assertThatThrownBy(() -> Limits.of(settings, positions(256)))
        .hasMessage(
            "Invalid tokens.max-prompt-length: 256 (must be less than 256, to leave room for a"
                + " response)");
    String gpt2 = SharedData.path("data/models/tiny-random-gpt2").toUri().toString();
    assertThat(new ModelFolder(gpt2, new Configuration()).context())
        .isEqualTo(new Context(512, "n_positions"));
  }

  /** Positions end for all the world to see; a window would be passed over in silence. */
  @Test
  void windowsThatAreTooShortAreRefused() {
    Context window = new Context(512, "sliding_window");
    assertThat(Limits.of(new TokensSettings("plain", 512, 256), window))
        .isEqualTo(new Limits(256, 512));
    assertThatThrownBy(() -> Limits.of(new TokensSettings("plain", 513, 256), window))
        .hasMessage(
            "Invalid tokens.max-length: 513 (must be at most the model's context 512"
                + " (sliding_window))");
  }

  private static Context positions(int tokens) {
    return new Context(tokens, "max_position_embeddings");
  }
}
