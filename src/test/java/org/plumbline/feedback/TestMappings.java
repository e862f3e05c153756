package org.plumbline.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.feedback.mapping.Mappings;

class TestMappings {
  private static final Pattern EXAMPLE =
      Pattern.compile("(?s)### ([\\w-]+)\n.*?```json\n(.*?)\n```");

  @TempDir Path folder;

  /** What a row says, in short: kind, ranks or answer, and who said it. */
  private static List<String> read(String format, String row) throws Exception {
    JsonNode json = RawRows.JSON.readTree(row.replace('\'', '"'));
    return FeedbackFormat.named(format, new Configuration(false)).entries(json).stream()
        .map(entry -> entry instanceof Entry.Kept kept ? brief(kept.columns()) : reason(entry))
        .toList();
  }

  private static String reason(Entry entry) {
    return ((Entry.Refused) entry).reason();
  }

  private static String brief(Map<String, Object> columns) {
    Object answer =
        Stream.of("acceptable", "rating", "critique")
            .map(columns::get)
            .filter(value -> value != null)
            .findFirst()
            .orElse("");
    Integer[] ranking = (Integer[]) columns.get("ranking");
    return "%s %s%s by %s"
        .formatted(
            columns.get("kind"),
            ranking == null ? "" : Arrays.toString(ranking),
            answer,
            columns.get("annotator"));
  }

  @Test
  void everyMappingIsReadyAndEveryReadyOneLoads() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("conf/mappings"))) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".yaml", "")))
          .containsExactlyInAnyOrderElementsOf(Mappings.READY);
    }
    for (String name : Mappings.READY) {
      assertThat(Mappings.ready(name).judgments()).isNotEmpty();
      assertThat(Mappings.at("conf/mappings/" + name + ".yaml", new Configuration(false)))
          .isEqualTo(Mappings.ready(name));
    }
  }

  /** The site's example of each mapping is recognised as that one, and gives judgments only. */
  @Test
  void everyReadyMappingHasAnExampleThatItReads() throws Exception {
    String page = Files.readString(Path.of("src/site/markdown/feedback-formats.md"));
    page = page.substring(page.indexOf("\n## Ready mappings"));
    AutoFormat auto = AutoFormat.ready();
    List<MatchResult> examples = EXAMPLE.matcher(page).results().toList();
    assertThat(examples.stream().map(example -> example.group(1)))
        .containsExactlyInAnyOrderElementsOf(Mappings.READY);
    for (MatchResult example : examples) {
      assertThat(auto.entries(RawRows.JSON.readTree(example.group(2))))
          .as(example.group(1))
          .isNotEmpty()
          .allSatisfy(
              entry ->
                  assertThat(entry)
                      .isInstanceOfSatisfying(
                          Entry.Kept.class,
                          kept ->
                              assertThat(kept.columns().get("source"))
                                  .isEqualTo(example.group(1))));
    }
  }

  @Test
  void readsLabelStudio() throws Exception {
    String task =
        "{'id':1,'data':{'prompt':'p','response1':'a','response2':'b','response':'c'},'annotations':["
            + "{'completed_by':{'id':7,'email':'x@y.z'},'was_cancelled':false,'lead_time':9.5,"
            + "'created_at':'2024-05-01T12:00:00.123456Z','ground_truth':false,"
            + "'result':[{'type':'pairwise','value':{'selected':'right'}}]},"
            + "{'completed_by':8,'result':[{'type':'rating','value':{'rating':4}},"
            + "{'type':'choices','value':{'choices':['Bad']}},"
            + "{'type':'textarea','value':{'text':['hm']}}]},"
            + "{'completed_by':9,'was_cancelled':true,"
            + "'result':[{'type':'pairwise','value':{'selected':'left'}}]}]}";
    assertThat(read("label-studio", task))
        .containsExactly(
            "choice [2, 1] by x@y.z",
            "Invalid $annotation.was_cancelled: another value (must be false)",
            "rating 4.0 by 8",
            "binary false by 8",
            "Invalid $result.type: textarea (must be pairwise or rating or choices)");
  }

  @Test
  void readsArgilla() throws Exception {
    String record =
        "{'id':'r','fields':{'prompt':'p','response-1':'a','response-2':'b','response':'c'},"
            + "'responses':{'ranking':[{'user_id':'u','value':[{'value':'response-2','rank':1},"
            + "{'value':'response-1','rank':2}]},{'user_id':'v','status':'discarded','value':[]}],"
            + "'rating':[{'user_id':'u','value':3}],'label':[{'user_id':'w','value':'good'}]}}";
    assertThat(read("argilla", record))
        .containsExactly(
            "ranking [2, 1] by u",
            "Invalid $answer.status: another value (must be submitted)",
            "rating 3.0 by u",
            "binary true by w");
  }

  @Test
  void readsRatingsPerAspect() throws Exception {
    String row =
        "{'instruction':'p','completions':[{'model':'m','response':'a','annotations':{"
            + "'honesty':{'Rating':'4','Rationale':'fair'},'truthfulness':{'Rating':'N/A'}}}]}";
    assertThat(read("auto", row))
        .containsExactly(
            "rating 4.0 by gpt-4 on honesty", "Invalid rating: string (must be a number)");
  }

  @Test
  void refusesWhatIsNoPair() throws Exception {
    assertThat(read("prompt-pairs", "{'prompt':'p','chosen':true,'rejected':'b'}"))
        .containsExactly("Invalid responses.text: boolean (must be text)");
    assertThat(read("prompt-pairs", "{'chosen':'a','rejected':'b'}"))
        .containsExactly("Invalid prompt: missing (must be text)");
    assertThat(read("prompt-pairs", "{'prompt':'p','chosen':'a','rejected':'a '}"))
        .containsExactly("Invalid responses: equal texts (must be different texts)");
    assertThat(read("rankings", "{'prompt':'p','responses':['a'],'ranking':[1]}"))
        .containsExactly("Invalid responses: fewer than two (must be two or more to compare)");
    assertThat(read("two-responses", "{'prompt':'p','response_a':'a','response_b':'b','winner':9}"))
        .singleElement()
        .asString()
        .startsWith("Invalid winner: another value (must be one of a, A,");
    assertThat(
            read(
                "message-pairs",
                "{'chosen':[{'role':'user','content':'x'},{'role':'assistant',"
                    + "'content':'a'}],'rejected':[{'role':'user','content':'y'},{'role':'assistant',"
                    + "'content':'b'}]}"))
        .containsExactly(
            "Invalid chosen: shares no prompt (must be the same dialogue as rejected)");
    assertThat(read("squality", "{'passage-id':'1','questions':{}}"))
        .containsExactly("Invalid row: no judgment (must be one that somebody judged)");
  }

  @Test
  void saysAllThatIsWrongWithAMappingAtOnce() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("mine.yaml"),
            """
            recognise: [a]
            each: {vote: votes}
            kind: stars
            prompt: $vot.text
            responses:
              - {txt: a}
            raing: 3
            scale: {of: 3}
            """);
    assertThatThrownBy(() -> FeedbackFormat.named(file.toString(), new Configuration(false)))
        .message()
        .contains(
            "Invalid kind: \"stars\" (must be ranking, choice, binary, rating or critique) at "
                + file,
            "Invalid prompt: $vot (must be the name of a loop around it: vote)",
            "Invalid responses[0].txt: \"a\" (must be one of each, id, model, rank, text)",
            "Invalid responses[0].text: missing (must be given)",
            "Invalid raing: 3 (must be one of kind, each,",
            "Invalid scale: {\"of\":3} (must be a path,");
  }
}
