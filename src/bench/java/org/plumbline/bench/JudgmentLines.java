package org.plumbline.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.plumbline.bench.JudgmentWorld.Block;
import org.plumbline.bench.JudgmentWorld.Judge;

/**
 * Writes rows of a {@link JudgmentWorld} as lines of feedback. Of a thousand lines one breaks off,
 * and of two hundred one repeats the line before it.
 */
final class JudgmentLines {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int REPEATED_EVERY = 200;
  private static final int BROKEN_EVERY = 1000;
  private static final int PERSONAL_EVERY = 1000;
  private static final double NOISE = 0.5;
  private static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");
  private static final int SECONDS_A_YEAR = 365 * 24 * 60 * 60;

  private final JudgmentWorld world;

  JudgmentLines(JudgmentWorld world) {
    this.world = world;
  }

  /** Writes row {@code row} with its line break. */
  void write(long row, OutputStream out) throws IOException {
    boolean repeats = row % REPEATED_EVERY == REPEATED_EVERY - 1;
    byte[] line = line(repeats ? row - 1 : row);
    boolean breaksOff = row % BROKEN_EVERY == BROKEN_EVERY / 2;
    out.write(line, 0, breaksOff ? line.length / 2 : line.length);
    out.write('\n');
  }

  /** A line that says what an annotator is truly like. */
  static byte[] truth(Judge judge) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("annotator", judge.name());
      json.writeNumberField("attention", judge.attention());
      json.writeNumberField("first", judge.first());
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private byte[] line(long row) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      Block block = world.blockOf(row);
      Optional<Judge> judge = world.judge(block, row);
      SplittableRandom random = world.random("row", row);
      json.writeStartObject();
      json.writeStringField("prompt", prompt(block.prompt()));
      json.writeStringField("kind", block.kind());
      int[] responses = asked(block, (int) (row % JudgmentWorld.BLOCK));
      responses(block.prompt(), responses, json);
      int[] shown = shuffled(responses.length, random);
      answer(block, responses, shown, judge, row, json);
      json.writeArrayFieldStart("shown");
      for (int index : shown) {
        json.writeNumber(index);
      }
      json.writeEndArray();
      circumstances(judge, row, random, json);
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private String prompt(long number) {
    String text = WorldTexts.text(1, 4, world.random("prompt", number));
    return number % PERSONAL_EVERY == 1
        ? text + " Write to kim.%d@example.org.".formatted(number)
        : text;
  }

  private String response(long prompt, int number) {
    return WorldTexts.text(2, 8, world.random("response " + number, prompt));
  }

  /** Rankings are of all four, choices of the first or the last two, the rest of one. */
  private static int[] asked(Block block, int seat) {
    int[] all = block.responses();
    return switch (block.kind()) {
      case "ranking" -> all;
      case "choice" -> seat < 2 ? new int[] {all[0], all[1]} : new int[] {all[2], all[3]};
      default -> new int[] {all[seat]};
    };
  }

  private void responses(long prompt, int[] numbers, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("responses");
    for (int number : numbers) {
      json.writeStartObject();
      json.writeStringField("id", "r" + number);
      json.writeStringField("text", response(prompt, number));
      json.writeStringField("model", world.model(number));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static int[] shuffled(int count, SplittableRandom random) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private void answer(
      Block block,
      int[] responses,
      int[] shown,
      Optional<Judge> judge,
      long row,
      JsonGenerator json)
      throws IOException {
    double[] worth = worth(block, responses, shown, judge, row);
    double strictness = judge.map(Judge::strictness).orElse(0.0);
    switch (block.kind()) {
      case "ranking" -> {
        json.writeArrayFieldStart("ranking");
        for (double own : worth) {
          json.writeNumber(1 + Arrays.stream(worth).filter(other -> other > own).count());
        }
        json.writeEndArray();
      }
      case "choice" -> json.writeNumberField("choice", worth[0] >= worth[1] ? 0 : 1);
      case "rating" -> {
        json.writeNumberField("rating", rating(worth[0] - strictness));
        json.writeArrayFieldStart("scale");
        json.writeNumber(1);
        json.writeNumber(5);
        json.writeEndArray();
      }
      case "binary" -> json.writeBooleanField("acceptable", worth[0] > 0.75 + strictness);
      default -> {
        json.writeStringField("critique", WorldTexts.text(1, 2, world.random("critique", row)));
        json.writeStringField("revision", WorldTexts.text(2, 8, world.random("revision", row)));
      }
    }
  }

  /** Quality as this judge sees it this time; who does not look sees noise alone. */
  private double[] worth(
      Block block, int[] responses, int[] shown, Optional<Judge> judge, long row) {
    SplittableRandom random = world.random("worth", row);
    boolean looks = random.nextDouble() < judge.map(Judge::attention).orElse(0.7);
    double[] worth = new double[responses.length];
    for (int i = 0; i < worth.length; i++) {
      worth[i] = looks ? world.quality(block.prompt(), responses[i]) : 0.75;
      worth[i] += (looks ? NOISE : 2) * random.nextGaussian();
      worth[i] += i == shown[0] && worth.length > 1 ? judge.map(Judge::first).orElse(0.0) : 0;
    }
    return worth;
  }

  private static int rating(double worth) {
    return (int) Math.max(1, Math.min(5, Math.round(2.25 + worth)));
  }

  private void circumstances(
      Optional<Judge> judge, long row, SplittableRandom random, JsonGenerator json)
      throws IOException {
    if (judge.isPresent()) {
      json.writeStringField("annotator", judge.get().name());
      json.writeStringField("group", judge.get().group());
    }
    json.writeNumberField("seconds", 5 + random.nextInt(60));
    long second = (long) ((double) row / world.rows() * SECONDS_A_YEAR);
    json.writeStringField("time", BEGIN.plusSeconds(second).toString());
    json.writeStringField("source", "benchmark");
  }
}
