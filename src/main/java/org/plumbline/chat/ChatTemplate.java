package org.plumbline.chat;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.chat.jinja.Jinja;

/** How the turns of a dialogue become one text. */
public sealed interface ChatTemplate extends Serializable permits NamedTemplate, JinjaTemplate {
  /** What a setting calls it. */
  String label();

  /**
   * The text of {@code messages}.
   *
   * @param open whether the text goes on to where the assistant's next turn starts
   * @throws ChatException if the template does not allow such a dialogue
   */
  String text(List<Message> messages, boolean open);

  /** Whether the text has all the special tokens that it is to start with. */
  boolean startsText();

  /** Which parts of the closed text the template itself says the assistant wrote; often none. */
  default List<Jinja.Span> marked(List<Message> messages) {
    return List.of();
  }

  /**
   * The template that {@code tokens.chat-template} asks for.
   *
   * @param setting {@code auto} for the one in the model's folder, or {@code dialogue} where there
   *     is none; a name; or the path or URI of a Jinja file
   * @param modelUri the Hugging Face folder of the model
   */
  static ChatTemplate of(String setting, String modelUri, Configuration configuration) {
    return new TemplateSource(modelUri, configuration).find(setting);
  }
}
