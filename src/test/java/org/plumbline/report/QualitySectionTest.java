package org.plumbline.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What readers see of the feedback's quality: the page's own scripts run in Node, if it is there.
 */
class QualitySectionTest {
  private static final Path RENDER = Path.of("src/test/resources/org/plumbline/report/render.js");

  @TempDir static Path root;
  private static String page;
  private static String section;

  @TempDir Path folder;

  @BeforeAll
  static void reportOnAFullRun() throws IOException {
    page = ReportStageTest.report(new SmallRun(root).everything("Sure."));
  }

  @ParameterizedTest
  @CsvSource({
    "/counts, CurateStage$Result",
    "/agreement, Agreement",
    "/agreementWithMostOthers, Habits$Share",
    "/biases/0, bias.BiasEstimate",
    "/mitigations/length-controlled, bias.MitigationEffect",
    "/contradictions/0, Contradictions$Sample"
  })
  void standsOnTheFieldsThatCurationWrites(String place, String record)
      throws ClassNotFoundException {
    JsonNode part = SmallRun.quality().at(place);

    assertThat(part.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Class.forName("org.plumbline.curate." + record).getRecordComponents())
                .map(component -> component.getName())
                .toList());
  }

  @Test
  void countsPairsAndDrops() throws Exception {
    assertThat(section())
        .contains("<dt>Preference pairs</dt><dd>830<small>741 to learn from, 89 held out</small>")
        .contains("<dt>Responses judged alone</dt><dd>43<small>31 acceptable, 12 not</small>")
        .contains("<dt>Responses rated</dt><dd>57<small>that reward.loss=regression learns")
        .contains("<dt>Dropped</dt><dd>7<small>")
        .contains("<dt>Disagreement</dt><dd>21.3%<small>of 412 doubly judged pairs</small>")
        .contains("<dt>Mean probability</dt><dd>–<small>")
        .contains("<dt>Flagged annotators</dt><dd>1<small>55 judgments left out")
        .contains(">choice</th>", ">not JSON</th>", ">curate: tie</th>", ">rating</th>")
        .contains(">votes beyond curate.max-votes</th>");
  }

  @Test
  void showsNothingTwice() throws Exception {
    String above = rendered(page, folder).get("ingredients");

    assertThat(above).contains("<dt>Judgments</dt><dd>3").contains("<dt>Annotators</dt><dd>23");
    assertThat(above).doesNotContain("Dropped", "Preference pairs", "rater 01", "not JSON");
  }

  @Test
  void tellsHowFarVotesAgree() throws Exception {
    assertThat(section())
        .contains("<b>one-coin</b>: votes count by how often their annotator is right (14 rounds)")
        .contains("of 834 pairs with 1,310 votes")
        .contains(row("Raw agreement", "78.7%", "412 pairs"))
        .contains(row("Fleiss' kappa", "0.574", "412 pairs"))
        .contains(row("Krippendorff's alpha, nominal", "–", "412 pairs"))
        .contains(row("Krippendorff's alpha, ordinal", "0.581", "412 pairs"))
        .contains(row("Cohen's kappa, mean", "0.562", "31 pairs of annotators"))
        .contains(row("Votes that go with most of the others", "80.0%", "800 votes"));
  }

  @Test
  void listsTheLeastReliableAnnotators() throws Exception {
    assertThat(section())
        .contains("from 60.0% over a median of 75.0% to 95.0%. Flags: too fast 1.")
        .contains(
            row(
                "&lt;script&gt;alert('bob')&lt;/script&gt;",
                "55",
                "60.0%",
                "62.5%<small>of 8</small>",
                "55.0%",
                "2.50<small>75.0% too fast</small>",
                "19",
                "−12.5 pts",
                "–",
                "45.0%",
                "3.50",
                "<span class=\"badge warn\">too fast</span> "
                    + "<span class=\"badge warn\">wrong on gold</span> "))
        .contains(row("rater 01", "2", "71.0%", "–", "–", "–", "1", "–", "–", "–", "–", "–"))
        .contains("3 more annotators are at least as reliable")
        .doesNotContain(">ann<", "rater 19");
  }

  @Test
  void plotsEachBiasWithItsInterval() throws Exception {
    assertThat(section())
        .contains("<tr><th>For what is shown first</th><td>54.0%</td>")
        .contains("<td>51.0% to 57.0%</td><td><svg class=\"interval away\"")
        .contains("<line class=\"whisker\" x1=\"101.9\" x2=\"113.3\"")
        .contains("<circle cx=\"107.6\"")
        .contains("</svg></td><td>0.009</td><td>1,203</td>")
        .contains(">For a source model: &lt;b&gt;gpt&lt;/b&gt;</th>")
        .contains("<td>41.0% to 55.0%</td><td><svg class=\"interval\"")
        .contains("goes from −2.00 to 2.00")
        .contains("<td>−0.10 to 0.90</td>")
        .contains("<td>−2.00</td><td>– to –</td>");
    assertThat(section().split("<svg ", -1)).hasSize(5);
    assertThat(section().split("class=\"whisker\"", -1)).hasSize(4);
  }

  @Test
  void setsBeforeBesideAfter() throws Exception {
    assertThat(section())
        .contains(row("position overall", "834", "7", "1.2%", "61.0%", "60.0%", "54.0%", "50.1%"))
        .contains(row("length-controlled", "834", "19", "4.4%", "61.0%", "50.2%", "–", "–"));
  }

  @Test
  void listsFindingsAndSomeOfThem() throws Exception {
    assertThat(section())
        .containsSubsequence(
            row("self contradictions", "report", "11"), row("near leaks", "drop", "5"))
        .contains(row("near leaks", "drop", "similarity 0.91", "q1", "–", "other"))
        .contains(row("personal data", "report", "email at 7", "q1", "response r1", "–"))
        .contains("<td>both ways by &lt;script&gt;alert('bob')&lt;/script&gt;</td><td>q1</td>")
        .contains("<td>pair p1</td>")
        .doesNotContain("similarity 0.94");
  }

  @Test
  void quotesTheWorstContradictions() throws Exception {
    assertThat(section())
        .containsSubsequence(
            "How do I bake a cake?",
            "<h4>Chosen<span class=\"badge\">3 votes</span></h4>",
            "<p>&lt;script&gt;alert('chosen')&lt;/script&gt;</p>",
            "better with probability 62.5%",
            "<h4>Rejected<span class=\"badge\">1 vote</span></h4><p>Buy one.</p>",
            "<b>prompt</b>–</p>",
            "<p>Yes.</p>",
            "<p>–</p>");
    assertThat(section()).doesNotContain("<script>", "<b>gpt");
  }

  @Test
  void isLeftOutWithoutCurationsReport() throws Exception {
    SmallRun run = new SmallRun(folder).everything("Sure.");
    Files.delete(folder.resolve("curate/quality.json"));

    Map<String, String> rendered = rendered(ReportStageTest.report(run), folder);

    assertThat(rendered).doesNotContainKey("quality").containsKey("settings");
    assertThat(rendered.get("ingredients"))
        .contains("<dt>Dropped</dt><dd>7", "<dt>Preference pairs</dt><dd>2", ">not JSON</th>")
        .contains("3 more annotators are at least as reliable");
  }

  @Test
  void leavesOutPartsThatOlderRunsLack() throws Exception {
    SmallRun run = new SmallRun(folder).everything("Sure.");
    ObjectNode older = (ObjectNode) SmallRun.quality();
    older.remove(List.of("biases", "mitigations", "findings", "contradictions", "annotators"));
    older.remove("agreementWithMostOthers");
    run.folder().writeJson("curate/quality.json", older);

    assertThat(rendered(ReportStageTest.report(run), folder).get("quality"))
        .contains(row("Raw agreement", "78.7%", "412 pairs"))
        .doesNotContain(
            "Biases", "Mitigations", "Findings", "contradictions", "most of the others");
  }

  private static String section() throws Exception {
    if (section == null) {
      section = rendered(page, root).get("quality");
    }
    return section;
  }

  private static String row(String first, String... rest) {
    return "<th>" + first + "</th><td>" + String.join("</td><td>", rest) + "</td></tr>";
  }

  /** What the page's scripts put into each section that is left. */
  private static Map<String, String> rendered(String page, Path folder) throws Exception {
    assumeTrue(hasNode(), "Node is not installed");
    Path file = Files.writeString(folder.resolve("page.html"), page);
    Process node =
        new ProcessBuilder("node", RENDER.toString(), file.toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor()).as(printed).isZero();
    Map<String, String> sections = new LinkedHashMap<>();
    printed
        .lines()
        .forEach(line -> sections.put(line.split(": ", 2)[0], line.substring(line.indexOf(' '))));
    return sections;
  }

  private static boolean hasNode() throws InterruptedException {
    try {
      return new ProcessBuilder("node", "--version").start().waitFor(30, TimeUnit.SECONDS);
    } catch (IOException e) {
      return false;
    }
  }
}
