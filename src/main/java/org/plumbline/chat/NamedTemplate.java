package org.plumbline.chat;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Templates that come with Plumbline, for models that bring none. */
enum NamedTemplate implements ChatTemplate {
  /** As in HH-RLHF: {@code "\n\nHuman: ...\n\nAssistant:"}, then a space and the response. */
  DIALOGUE {
    @Override
    public String text(List<Message> messages, boolean open) {
      return messages.stream()
              .map(message -> "\n\n" + speaker(message) + ": " + message.content())
              .collect(joining())
          + (open ? "\n\nAssistant:" : "");
    }

    private String speaker(Message message) {
      return switch (message.role()) {
        case Message.USER -> "Human";
        case Message.ASSISTANT -> "Assistant";
        case Message.SYSTEM -> "System";
        default -> throw unknown(message);
      };
    }
  },

  /** The turns as they are, a line each, and the response right behind. */
  PLAIN {
    @Override
    public String text(List<Message> messages, boolean open) {
      int last = messages.size() - 1;
      return open || last < 0 || !messages.get(last).isFrom(Message.ASSISTANT)
          ? messages.stream().map(Message::content).collect(joining("\n"))
          : text(messages.subList(0, last), true) + messages.get(last).content();
    }
  },

  /** Of Qwen and many others, without a system message of its own and without thoughts. */
  CHATML {
    @Override
    public String text(List<Message> messages, boolean open) {
      return messages.stream()
              .map(m -> "<|im_start|>" + m.role() + "\n" + m.content() + "<|im_end|>\n")
              .collect(joining())
          + (open ? "<|im_start|>assistant\n" : "");
    }
  },

  /** Of Llama 3 Instruct. */
  LLAMA3 {
    @Override
    public String text(List<Message> messages, boolean open) {
      return "<|begin_of_text|>"
          + messages.stream()
              .map(m -> header(m.role()) + m.content().strip() + "<|eot_id|>")
              .collect(joining())
          + (open ? header(Message.ASSISTANT) : "");
    }

    private String header(String role) {
      return "<|start_header_id|>" + role + "<|end_header_id|>\n\n";
    }
  },

  /** Of Llama 2 Chat; a system message goes into the user's first turn. */
  LLAMA2 {
    @Override
    public String text(List<Message> messages, boolean open) {
      boolean system = !messages.isEmpty() && messages.get(0).isFrom(Message.SYSTEM);
      List<Message> turns = alternating(system ? messages.subList(1, messages.size()) : messages);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < turns.size(); i++) {
        String content = turns.get(i).content();
        if (i == 0 && system) {
          content = "<<SYS>>\n" + messages.get(0).content() + "\n<</SYS>>\n\n" + content;
        }
        content = content.strip();
        text.append(i % 2 == 0 ? "<s>[INST] " + content + " [/INST]" : " " + content + " </s>");
      }
      return text.toString();
    }
  },

  /** Of Mistral 7B Instruct, which knows no system messages. */
  MISTRAL {
    @Override
    public String text(List<Message> messages, boolean open) {
      StringBuilder text = new StringBuilder("<s>");
      for (Message turn : alternating(messages)) {
        boolean user = turn.isFrom(Message.USER);
        text.append(user ? "[INST] " + turn.content() + " [/INST]" : turn.content() + "</s>");
      }
      return text.toString();
    }
  },

  /** Of Zephyr. */
  ZEPHYR {
    @Override
    public String text(List<Message> messages, boolean open) {
      return messages.stream()
              .map(m -> "<|" + m.role() + "|>\n" + m.content() + "</s>\n")
              .collect(joining())
          + (open ? "<|assistant|>\n" : "");
    }
  };

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean startsText() {
    return false;
  }

  static Optional<NamedTemplate> named(String name) {
    return Arrays.stream(values()).filter(template -> template.label().equals(name)).findFirst();
  }

  /** {@code turns}, which must be the user's and the assistant's in turn. */
  List<Message> alternating(List<Message> turns) {
    for (int i = 0; i < turns.size(); i++) {
      if (!turns.get(i).isFrom(i % 2 == 0 ? Message.USER : Message.ASSISTANT)) {
        throw new ChatException(
            "Cannot write a dialogue by chat template %s: turn %d is from %s (must be user and assistant in turn)"
                .formatted(label(), i + 1, turns.get(i).role()));
      }
    }
    return turns;
  }

  ChatException unknown(Message message) {
    return new ChatException(
        "Invalid role: " + message.role() + " (must be system, user or assistant)");
  }
}
