package org.plumbline.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestChatTemplate {
  private static final List<Message> HI = List.of(new Message("user", "hi"));

  @TempDir Path folder;

  private ChatTemplate find(String setting) {
    return ChatTemplate.of(setting, folder.toUri().toString(), new Configuration());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aModelWithoutOneGetsDialogue() throws Exception {
    assertThat(find("auto")).isEqualTo(NamedTemplate.DIALOGUE);
    write("tokenizer_config.json", "{\"bos_token\":\"<s>\"}");
    assertThat(find("auto")).isEqualTo(NamedTemplate.DIALOGUE);
    assertThat(find("zephyr")).isEqualTo(NamedTemplate.ZEPHYR);
  }

  @Test
  void aModelsOwnSeesItsSpecialTokens() throws Exception {
    write(
        "tokenizer_config.json",
        """
        {"bos_token": "<s>", "eos_token": {"content": "</s>", "special": true}, "add_bos_token": true,
         "chat_template": "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token }}{{ pad_token }}{% endfor %}{% if add_generation_prompt %}a:{% endif %}"}
        """);
    assertThat(find("auto").text(HI, true)).isEqualTo("<s>user: hi</s>a:");
    assertThat(find("auto").text(HI, false)).isEqualTo("<s>user: hi</s>");
    assertThat(find("auto").startsText()).isTrue();
    assertThat(find("plain").text(HI, true)).isEqualTo("hi");
  }

  @Test
  void ofSeveralTheDefaultIsMeant() throws Exception {
    write(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]}
        """);
    assertThat(find("auto").text(HI, true)).isEqualTo("d");
    write(
        "tokenizer_config.json",
        "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"t\"}]}");
    assertThatThrownBy(() -> find("auto"))
        .hasMessageStartingWith("Cannot choose a chat template of ")
        .hasMessageEndingWith("tokenizer_config.json: it has tool_use, but no default");
  }

  @Test
  void theFileInTheFolderWins() throws Exception {
    write("tokenizer_config.json", "{\"bos_token\": \"<s>\", \"chat_template\": \"config\"}");
    write(
        "chat_template.jinja", "{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}");
    assertThat(find("auto").text(HI, true)).isEqualTo("<s>hi");
  }

  @Test
  void aFileCanBeNamed() throws Exception {
    write("mine.jinja", "{{ messages[0].content | upper }}");
    ChatTemplate template = find(folder.resolve("mine.jinja").toString());
    assertThat(template.text(HI, true)).isEqualTo("HI");
    assertThat(find(folder.resolve("mine.jinja").toUri().toString()).text(HI, true))
        .isEqualTo("HI");
    assertThatThrownBy(() -> find("none.jinja"))
        .hasMessageStartingWith("Cannot read chat template none.jinja: ");
  }

  @Test
  void saysWhatThereIs() {
    assertThatThrownBy(() -> find("xml"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Invalid tokens.chat-template: xml (must be auto, dialogue, plain, chatml, llama3,"
                + " llama2, mistral, zephyr, or the path of a file that ends in .jinja)");
  }

  @Test
  void whatATemplateRefusesIsADialoguesFault() throws Exception {
    write("chat_template.jinja", "{{ raise_exception('no system messages') }}");
    assertThatThrownBy(() -> find("auto").text(HI, true))
        .isInstanceOf(ChatException.class)
        .hasMessageEndingWith("line 1: the template says: no system messages");
    write("chat_template.jinja", "{% if %}");
    assertThatThrownBy(() -> find("auto"))
        .isNotInstanceOf(ChatException.class)
        .hasMessageStartingWith("Cannot read chat template ");
  }

  @Test
  void goesToTasksAsItIs() throws Exception {
    write(
        "chat_template.jinja", "{{ messages[0].content }} {{ strftime_now('%Y-%m-%d %H:%M:%S') }}");
    ChatTemplate template = find("auto");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(template);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(((ChatTemplate) in.readObject()).text(HI, true))
          .startsWith("hi 20")
          .isEqualTo(template.text(HI, true));
    }
  }
}
