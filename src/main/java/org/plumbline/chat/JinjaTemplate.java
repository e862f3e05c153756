package org.plumbline.chat;

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.plumbline.chat.jinja.Jinja;
import org.plumbline.chat.jinja.JinjaException;

/** A template that a model or a file brings, in Jinja. Goes from task to task as its source. */
final class JinjaTemplate implements ChatTemplate {
  private static final long serialVersionUID = 1L;

  private final String label;
  private final String source;
  private final HashMap<String, String> tokens;
  private final LocalDateTime now;
  private transient Jinja jinja;

  /**
   * Reads a template.
   *
   * @param tokens special tokens by the names that templates know them by: {@code bos_token}
   * @param now the time for templates that ask for it: one for all the texts of a run
   */
  JinjaTemplate(String label, String source, Map<String, String> tokens, LocalDateTime now) {
    this.label = label;
    this.source = source;
    this.tokens = new HashMap<>(tokens);
    this.now = now;
    jinja();
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public String text(List<Message> messages, boolean open) {
    return render(messages, open).text();
  }

  /** As in transformers, where tokenizers leave it to the template what a dialogue starts with. */
  @Override
  public boolean startsText() {
    return true;
  }

  @Override
  public List<Jinja.Span> marked(List<Message> messages) {
    return render(messages, false).generations();
  }

  private Jinja.Rendered render(List<Message> messages, boolean open) {
    Map<String, Object> values = new HashMap<>(tokens);
    values.put("messages", messages.stream().map(JinjaTemplate::map).toList());
    values.put("add_generation_prompt", open);
    values.put("tools", null);
    values.put("documents", null);
    try {
      return jinja().render(values, now);
    } catch (JinjaException e) {
      throw new ChatException(e.getMessage());
    }
  }

  private static Map<String, Object> map(Message message) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("role", message.role());
    map.put("content", message.content());
    return map;
  }

  private Jinja jinja() {
    if (jinja == null) {
      jinja = Jinja.parse(label, source);
    }
    return jinja;
  }
}
