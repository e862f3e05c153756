package org.plumbline.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/**
 * Samples completions of any number of prompts, some of them side by side. A row that is over
 * leaves, and a prompt that waits takes its place, so one long completion holds nobody up. What a
 * completion is does not depend on its neighbours, but for rounding.
 *
 * @param sampling how tokens are drawn
 * @param ending when completions are over
 * @param slots how many prompts are continued side by side
 */
public record Generator(LoadedModel model, Sampling sampling, Ending ending, int slots) {
  /** Tokens a row after which native code comes back, so that a task can be stopped. */
  private static final int STEPS = 64;

  /** Waiting prompts are read when this part of the slots is free: several at a time cost less. */
  private static final int PART = 8;

  /** Watches nothing. */
  private static final Watcher NOBODY = (index, token) -> true;

  /** Fills a prompt's draws: one number in [0, 1) a token. */
  public interface Draws {
    /** Fills {@code uniforms} for the prompt at {@code index}. */
    void fill(int index, float[] uniforms);
  }

  /** Sees tokens as they come. */
  public interface Watcher {
    /**
     * Takes the next token of the completion of the prompt at {@code index}.
     *
     * @return whether it should go on; if not, this token was its last
     */
    boolean goesOn(int index, int token);
  }

  /** Checks the number of slots. */
  public Generator {
    if (slots < 1) {
      throw new IllegalArgumentException("Invalid slots: %d (must be >= 1)".formatted(slots));
    }
  }

  /** Continues each prompt. */
  public List<Completion> complete(List<int[]> prompts, Draws draws) {
    return complete(prompts, draws, NOBODY);
  }

  /** The same, with {@code watcher} told of every token at once. */
  public List<Completion> complete(List<int[]> prompts, Draws draws, Watcher watcher) {
    model.decoder().requireLmHead();
    List<Continuation> rows = new ArrayList<>();
    for (int index = 0; index < prompts.size(); index++) {
      rows.add(new Continuation(index, prompts.get(index), room(prompts.get(index))));
      draws.fill(index, rows.get(index).uniforms());
    }
    int places = Math.min(slots, rows.size());
    int tokens = rows.stream().mapToInt(row -> row.length() + row.room()).max().orElse(0);
    try (Slots memory = new Slots(this, model.prepared(places).blocks(), places, tokens)) {
      new Run(memory, places, watcher, rows).all();
    }
    return rows.stream().map(Continuation::completion).toList();
  }

  /** How many tokens may follow {@code prompt}, whatever prompts lie beside it. */
  private int room(int[] prompt) {
    Context context = model.decoder().architecture().shape().context();
    if (prompt.length == 0) {
      throw new IllegalArgumentException("Cannot continue a prompt of 0 tokens");
    }
    if (prompt.length >= context.tokens()) {
      throw new IllegalArgumentException(
          "Cannot continue a prompt of %d tokens: the context has %s"
              .formatted(prompt.length, context));
    }
    return Math.min(ending.maxNewTokens(), context.tokens() - prompt.length);
  }

  /** One call's rows: those that wait, and those that are live, each in the slot of its number. */
  private final class Run {
    private final Slots memory;
    private final int places;
    private final Watcher watcher;
    private final Queue<Continuation> waiting;
    private final List<Continuation> live = new ArrayList<>();

    Run(Slots memory, int places, Watcher watcher, List<Continuation> rows) {
      this.memory = memory;
      this.places = places;
      this.watcher = watcher;
      this.waiting = new ArrayDeque<>(rows);
    }

    void all() {
      while (true) {
        admit();
        if (live.isEmpty()) {
          return;
        }
        advance();
        leave();
      }
    }

    private void admit() {
      int free = places - live.size();
      if (free < Math.min(Math.max(1, places / PART), waiting.size())) {
        return;
      }
      List<Continuation> next = new ArrayList<>();
      while (next.size() < free && !waiting.isEmpty()) {
        next.add(waiting.remove());
      }
      memory.fill(next, live.size());
      live.addAll(next);
    }

    private void advance() {
      int room = live.stream().mapToInt(Continuation::room).min().orElseThrow();
      int steps = Math.min(room, watcher == NOBODY ? STEPS : 1);
      Slots.Drawn drawn = memory.advance(live, steps, ending.minNewTokens());
      for (int row = 0; row < live.size(); row++) {
        for (int step = 0; step < drawn.steps(); step++) {
          take(live.get(row), drawn.token(row, step));
        }
      }
    }

    private void take(Continuation row, Continuation.Token token) {
      row.add(token);
      boolean goesOn = watcher.goesOn(row.index(), token.id());
      if (isStop(token.id())) {
        row.end(Completion.End.STOP);
      } else if (!goesOn) {
        row.end(Completion.End.WATCHER);
      } else if (row.room() == 0) {
        row.end(Completion.End.LENGTH);
      }
    }

    /** Fills the places of those that are over with the last rows. */
    private void leave() {
      for (int place = live.size() - 1; place >= 0; place--) {
        if (live.get(place).isOver()) {
          Continuation last = live.remove(live.size() - 1);
          if (place < live.size()) {
            memory.move(last, live.size(), place);
            live.set(place, last);
          }
        }
      }
    }
  }

  private boolean isStop(int token) {
    return Arrays.stream(ending.stops()).anyMatch(stop -> stop == token);
  }
}
