package org.plumbline.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.config.Settings;
import org.plumbline.config.SettingsReader;
import org.plumbline.stage.Progress;
import org.plumbline.stage.StageContext;
import org.plumbline.testing.LocalSpark;

class ReportStageTest {
  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=alert(2)><!-- {{style}} \u2028 $1 \\ \"";

  @TempDir static Path full;
  private static String page;
  private static JsonNode data;

  @TempDir Path root;

  @BeforeAll
  static void reportOnAFullRun() throws IOException {
    Files.writeString(full.resolve("settings.yaml"), "seed: 7\n");
    page = report(new SmallRun(full).everything(HOSTILE));
    data = data(page);
  }

  @Test
  void showsWhatTheTablesHold() {
    assertThat(data.at("/ingredients/kinds").toString())
        .isEqualTo("[{\"name\":\"choice\",\"rows\":2},{\"name\":\"binary\",\"rows\":1}]");
    assertThat(data.at("/ingredients/rejects/0/name").asText()).isEqualTo("not JSON");
    assertThat(data.at("/ingredients/drops").toString())
        .isEqualTo(
            "[{\"name\":\"curate: tie\",\"rows\":4},{\"name\":\"tokens: pairs: empty\",\"rows\":3}]");
    assertThat(data.at("/ingredients/annotatorsInAll").asLong()).isEqualTo(Annotator.ROWS + 3);
    assertThat(data.at("/ingredients/annotators"))
        .extracting(one -> one.at("/reliability").asDouble())
        .hasSize(Annotator.ROWS)
        .satisfies(all -> assertThat(List.<Double>copyOf(all)).isSorted());
    assertThat(data.at("/ingredients/annotators/0").toString())
        .isEqualTo(
            """
            {"name":"<script>alert('bob')</script>","judgments":55,"reliability":0.6,\
            "goldJudgments":8,"goldAccuracy":0.625,"agreement":0.55,"meanSeconds":2.5,\
            "fastShare":0.75,"longestStreak":19,"drift":-0.125,"longerPreferred":null,\
            "firstPreferred":0.45,"meanRating":3.5,"flags":["too fast","wrong on gold"]}""");
    assertThat(data.at("/ingredients/annotators/1/agreement").isNull()).isTrue();
    assertThat(data.at("/curves/ppo/kl").toString())
        .isEqualTo("{\"steps\":[1,2,3],\"values\":[0.0,1.5,3.0],\"every\":1}");
    assertThat(data.at("/results/evaluate/policies/start/harmfulCompliance").asDouble())
        .isEqualTo(0.6);
    assertThat(data.at("/seconds").toString()).isEqualTo("{\"curate\":1.5}");
    assertThat(data.at("/settings").asText()).isEqualTo("seed: 7\n");
    assertThat(data.at("/missing")).extracting(JsonNode::asText).contains("sft", "ppo");
  }

  @Test
  void takesQualityAsCurationWroteIt() {
    assertThat(data.at("/quality/report")).isEqualTo(SmallRun.quality());
    assertThat(data.at("/quality/samples"))
        .extracting(each -> each.at("/kind").asText() + " " + each.at("/detail").asText())
        .containsExactly(
            "near-leaks similarity 0.91",
            "near-leaks similarity 0.92",
            "near-leaks similarity 0.93",
            "personal-data email at 7",
            "self-contradictions both ways by " + SmallRun.HOSTILE_NAME);
    assertThat(data.at("/quality/samples/3").toString())
        .isEqualTo(
            """
            {"kind":"personal-data","action":"report","promptId":"q1","responseId":"r1",\
            "pairId":null,"judgmentId":null,"otherId":null,"detail":"email at 7"}""");
  }

  @Test
  void setsFirstSamplesSideBySideWithTheShowcaseOnTop() {
    assertThat(data.at("/completions")).hasSize(2);
    JsonNode first = data.at("/completions/0");
    assertThat(first.at("/showcase").asBoolean()).isTrue();
    assertThat(first.at("/prompt/0/content").asText()).isEqualTo(SmallRun.SHOWCASE);
    assertThat(first.at("/replies/start/text").asText()).isNotEqualTo("second sample");
    assertThat(first.at("/replies/start/harmfulCompliance").asBoolean()).isTrue();
    assertThat(first.at("/replies/ppo/category").asText()).isEqualTo("refuses_and_helps");
    assertThat(first.at("/replies/dpo/category").isNull()).isTrue();
    JsonNode second = data.at("/completions/1");
    assertThat(second.at("/harmful").asBoolean(true)).isFalse();
    assertThat(second.at("/prompt/0/content").asText()).isEqualTo("How do I bake a cake?");
    assertThat(second.at("/replies/dpo/needlessRefusal").asBoolean()).isTrue();
  }

  @Test
  void loadsNothingFromAnywhere() {
    String withoutData = page.replaceAll("(?s)<script type=\"application/json\".*?</script>", "");

    assertThat(withoutData).doesNotContainPattern("\\ssrc\\s*=\\s*[\"']");
    assertThat(withoutData).doesNotContainPattern("href\\s*=\\s*[\"'](?!#|data:)");
    assertThat(withoutData)
        .doesNotContainPattern("url\\(|@import|fetch\\(|XMLHttpRequest|import\\(");
    assertThat(withoutData).contains("default-src 'none'");
    assertThat(withoutData).contains("uPlot").contains("Copyright (c) 2022 Leon Sorokin");
  }

  @Test
  void runsOnlyTheScriptsItNames() throws Exception {
    String policy = group(page, "Content-Security-Policy\" content=\"([^\"]*)\"");
    assertThat(policy).doesNotContain("unsafe");
    Matcher inline = Pattern.compile("(?s)<(script|style)>(.*?)</\\1>").matcher(page);
    int found = 0;
    while (inline.find()) {
      found++;
      assertThat(policy).contains("'sha256-" + sha256(inline.group(2)) + "'");
    }
    assertThat(found).isEqualTo(5);
  }

  @Test
  void keepsMarkupInCompletionsInert() {
    assertThat(page)
        .doesNotContain("alert(1)</script>")
        .doesNotContain("<img src=x")
        .doesNotContain("<script>alert")
        .doesNotContain("\u2028");
    assertThat(data.at("/completions/0/replies/start/text").asText()).isEqualTo(HOSTILE);
  }

  @Test
  void leavesOutWhatIsMissing() throws IOException {
    JsonNode none = data(report(new SmallRun(root)));

    assertThat(none.at("/missing")).hasSize(8);
    assertThat(none.at("/completions")).isEmpty();
    assertThat(none.at("/curves")).isEmpty();
    assertThat(none.at("/ingredients/annotators")).isEmpty();
    assertThat(none.at("/quality").isNull()).isTrue();
    assertThat(none.at("/lesson/gap").asDouble()).isCloseTo(2.197, within(5e-4));
  }

  @Test
  void thinsLongCurvesAndKeepsTheLastStep() throws IOException {
    SmallRun run = new SmallRun(root);
    run.metrics("ppo", "score", DoubleStream.iterate(0, x -> x + 1).limit(1200).toArray());
    run.metrics("sft", "loss", 5, Double.NaN, 3);

    JsonNode curves = data(report(run)).at("/curves");

    JsonNode score = curves.at("/ppo/score");
    assertThat(score.at("/steps")).hasSize(Curve.POINTS);
    assertThat(score.at("/steps/499").asLong()).isEqualTo(1200);
    assertThat(score.at("/every").asLong()).isEqualTo(3);
    assertThat(score.at("/values/0").asDouble()).isEqualTo(1);
    assertThat(curves.at("/sft/loss/values").toString()).isEqualTo("[5.0,null,3.0]");
  }

  @Test
  void worksTheLessonOut() {
    Lesson lesson = Lesson.ofProbability(0.9);

    assertThat(lesson.gap()).isCloseTo(2.1972, within(1e-4));
    assertThat(lesson.loss()).isCloseTo(0.1054, within(1e-4));
    assertThat(lesson.untrainedLoss()).isCloseTo(0.6931, within(1e-4));
    assertThat(lesson.entropy()).isCloseTo(0.3251, within(1e-4));
  }

  static String report(SmallRun run) throws IOException {
    StageContext context =
        new StageContext(LocalSpark.session(), run.folder(), settings(), Progress.silent());
    ReportStage.Result result = new ReportStage(context).execute();
    Path file = Path.of(URI.create(result.path()));
    assertThat(Files.size(file)).isEqualTo(result.bytes());
    return Files.readString(file);
  }

  private static Settings settings() {
    return SettingsReader.read(List.of(), List.of("evaluate.showcase=" + SmallRun.SHOWCASE));
  }

  private static JsonNode data(String page) throws IOException {
    return new ObjectMapper().readTree(group(page, "(?s)id=\"data\">(.*?)</script>"));
  }

  private static String group(String page, String pattern) {
    List<String> found =
        Pattern.compile(pattern).matcher(page).results().map(match -> match.group(1)).toList();
    assertThat(found).as(pattern).hasSize(1);
    return found.get(0);
  }

  private static String sha256(String text) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(digest);
  }
}
