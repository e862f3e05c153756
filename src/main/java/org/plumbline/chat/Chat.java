package org.plumbline.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.plumbline.chat.jinja.Jinja;
import org.plumbline.model.Tokenizer;

/**
 * Dialogues as the ids of one model: a chat template with a tokenizer.
 *
 * <p>A prompt is the text up to where the assistant's turn starts. A response is what the finished
 * dialogue has behind that, up to and with the token that ends a turn: the first special token that
 * the template writes behind what the assistant said, or the tokenizer's end token where it writes
 * none. What stands behind that token belongs to the next prompt. Prompt and response are encoded
 * each on its own, so that a prompt has the same ids in training, scoring and generation.
 *
 * <p>Where a template's finished dialogue does not begin with its open prompt (it opens a thought
 * that it leaves out of the past), a response is what the assistant said as it is, and the end.
 *
 * <p>What is spelled like a special token becomes that token, in a message too, as in transformers.
 */
public final class Chat {
  private static final List<Message> PROBE = List.of(new Message(Message.USER, "Hello"));
  private static final String SAID = "Plumbline";

  private final ChatTemplate template;
  private final Tokenizer tokenizer;
  private final boolean continuesPrompt;
  private final End end;

  /**
   * How a template ends what the assistant said.
   *
   * @param tail all that it writes there
   * @param kept of that, what belongs to the response
   * @param token ends the response, after that
   * @param written whether the template writes this token itself
   */
  private record End(String tail, String kept, int token, boolean written) {}

  /**
   * Learns from a short dialogue how the template ends a turn.
   *
   * @throws IllegalArgumentException if it leaves out what the assistant says
   */
  public Chat(ChatTemplate template, Tokenizer tokenizer) {
    this.template = template;
    this.tokenizer = tokenizer;
    String closed = template.text(with(PROBE, SAID), false);
    int said = closed.lastIndexOf(SAID);
    if (said < 0) {
      throw new IllegalArgumentException(
          "Cannot use chat template %s: it leaves out what the assistant says"
              .formatted(template.label()));
    }
    this.continuesPrompt = closed.startsWith(template.text(PROBE, true));
    this.end = end(closed.substring(said + SAID.length()));
  }

  private End end(String tail) {
    for (int id : tokenizer.encodeContinuation(tail)) {
      int at = tail.indexOf(tokenizer.spelling(id));
      if (at >= 0 && (tokenizer.isSpecial(id) || tokenizer.isStop(id))) {
        return new End(tail, tail.substring(0, at), id, true);
      }
    }
    return new End(tail, tail.stripTrailing(), tokenizer.eos(), false);
  }

  /** The ids of a dialogue up to where the assistant's next turn starts. */
  public int[] prompt(List<Message> messages) {
    return start(template.text(messages, true));
  }

  /** The ids of what the assistant says to a prompt, without {@link #end}. */
  public int[] response(List<Message> prompt, String response) {
    return tokenizer.encodeContinuation(
        (continuesPrompt ? written(prompt, response) : response) + end.kept());
  }

  /** What the template makes of a response. */
  private String written(List<Message> prompt, String response) {
    String open = template.text(prompt, true);
    String closed = template.text(with(prompt, response), false);
    int length = closed.length() - end.tail().length();
    if (!closed.startsWith(open) || !closed.endsWith(end.tail()) || length < open.length()) {
      throw apart();
    }
    return closed.substring(open.length(), length);
  }

  /** The token that ends a response. */
  public int end() {
    return end.token();
  }

  /** Ids after which a response is over: {@link #end} and those of {@link Tokenizer#stops}. */
  public long[] stops() {
    return LongStream.concat(LongStream.of(end.token()), LongStream.of(tokenizer.stops()))
        .distinct()
        .toArray();
  }

  /** Whether {@code id} is among {@link #stops}. */
  public boolean isStop(int id) {
    return id == end.token() || tokenizer.isStop(id);
  }

  /** The text of {@code ids}, leaving out special tokens. */
  public String decode(int[] ids) {
    return tokenizer.decode(ids);
  }

  /**
   * The ids of a finished dialogue, and which of them the assistant wrote. A template may say so
   * itself, by {@code generation} blocks; else a turn of the assistant starts where the open prompt
   * before it ends.
   *
   * @throws ChatException if the text does not show where the assistant's turns start and end
   */
  public Transcript transcript(List<Message> messages) {
    String text = template.text(messages, false);
    List<Jinja.Span> turns = template.marked(messages);
    if (turns.isEmpty()) {
      turns = turns(messages, text);
    }
    List<int[]> pieces = new ArrayList<>();
    int at = 0;
    for (Jinja.Span turn : turns) {
      pieces.add(piece(text, at, turn.start()));
      pieces.add(piece(text, turn.start(), turn.end()));
      at = turn.end();
    }
    boolean ended = end.written() || turns.isEmpty() || at < text.length();
    pieces.add(piece(text, at, text.length()));
    pieces.add(ended ? new int[0] : new int[] {end.token()});
    return Transcript.ofPieces(pieces);
  }

  private int[] piece(String text, int start, int end) {
    String piece = text.substring(start, end);
    return start == 0 ? start(piece) : tokenizer.encodeContinuation(piece);
  }

  /** The ids of a text's start, with the token that starts a text unless it is there already. */
  private int[] start(String text) {
    int[] ids = tokenizer.encode(text);
    if (template.startsText() || !tokenizer.addsBos()) {
      return ids;
    }
    int bos = tokenizer.bos().getAsInt();
    return ids.length > 0 && ids[0] == bos
        ? ids
        : IntStream.concat(IntStream.of(bos), IntStream.of(ids)).toArray();
  }

  private List<Jinja.Span> turns(List<Message> messages, String text) {
    List<Jinja.Span> turns = new ArrayList<>();
    int limit = text.length();
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).isFrom(Message.ASSISTANT)) {
        String open = template.text(messages.subList(0, i), true);
        if (open.length() > limit || !text.startsWith(open)) {
          throw apart();
        }
        turns.add(0, new Jinja.Span(open.length(), end(messages, i, text, open.length(), limit)));
        limit = open.length();
      }
    }
    return turns;
  }

  /** Where in {@code text} the turn {@code i} ends that starts at {@code start}. */
  private int end(List<Message> messages, int i, String text, int start, int limit) {
    if (!end.written()) {
      String closed = template.text(messages.subList(0, i + 1), false);
      int length = closed.length() - end.tail().length();
      if (!text.startsWith(closed) || !closed.endsWith(end.tail()) || length < start) {
        throw apart();
      }
      return length + end.kept().length();
    }
    String token = tokenizer.spelling(end.token());
    String content = messages.get(i).content().strip();
    int said = text.indexOf(content, start);
    int behind = said < 0 || said + content.length() > limit ? start : said + content.length();
    int at = text.indexOf(token, behind);
    if (at < 0 || at + token.length() > limit) {
      throw apart();
    }
    return at + token.length();
  }

  private static List<Message> with(List<Message> prompt, String response) {
    List<Message> messages = new ArrayList<>(prompt);
    messages.add(Message.response(response));
    return messages;
  }

  private ChatException apart() {
    return new ChatException(
        "Cannot tell the assistant's turns from the rest in chat template %s: it writes them differently once more follows"
            .formatted(template.label()));
  }
}
