package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.plumbline.testing.SharedData;

/** From text to text: a small published model tells the story that it is known for. */
class StoriesTest {
  @Test
  void tellsOfLily() throws Exception {
    Path path = SharedData.path("data/models/stories260K-hf");
    String folder = path.toUri().toString();
    Decoder.prepareThread(1);
    try (Tokenizer tokenizer = Tokenizer.open(folder, new Configuration());
        LoadedModel model = LoadedModel.load(folder, Head.NONE, new Configuration())) {
      int[] prompt = tokenizer.encodeWithSpecial("Once upon a time");
      Generator generator =
          new Generator(model, Sampling.at(0), Ending.after(500, tokenizer.stops()), 1);
      int[] story = generator.complete(List.of(prompt), (index, uniforms) -> {}).get(0).tokens();
      int[] all = IntStream.concat(IntStream.of(prompt), IntStream.of(story)).toArray();
      assertThat(tokenizer.decode(all))
          .startsWith(
              "Once upon a time, there was a little girl named Lily. "
                  + "She loved to play outside in the park. One day, she saw a big, red ball. ");
      // it ends as its stories do, before the context does
      assertThat(tokenizer.isStop(story[story.length - 1])).isTrue();
    }
  }
}
