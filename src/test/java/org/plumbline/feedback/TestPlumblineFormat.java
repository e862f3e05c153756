package org.plumbline.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestPlumblineFormat {
  private static final String UNKNOWN =
      "Invalid row: of no known layout (must be one of plumbline's or of a ready mapping; other"
          + " layouts are read by feedback.format)";
  private static final PlumblineFormat FORMAT = new PlumblineFormat();

  private static Map<String, Object> parse(String row) throws Exception {
    return FORMAT.parse(RawRows.JSON.readTree(row.replace('\'', '"')));
  }

  @Test
  void readsARankingWithEverythingThatMaySurroundIt() throws Exception {
    Map<String, Object> columns =
        parse(
            "{'prompt':[{'role':'user','content':'hi'},{'role':'assistant','content':'yes?'},"
                + "{'role':'user','content':'bye'}],'kind':'ranking','ranking':[2,1,2],"
                + "'responses':[{'text':'a','id':'x','model':'m'},{'text':'b'},{'text':'c'}],"
                + "'shown':[2,0,1],'annotator':'ann','group':'crowd','seconds':2.5,"
                + "'attributes':{'country':'CH','age':41},'gold':true,'severity':0.25,"
                + "'time':'2024-05-01T12:00:00+02:00','split':'heldout','source':'lab'}");

    assertThat((Object[]) columns.get("prompt")).hasSize(3);
    assertThat((Integer[]) columns.get("ranking")).containsExactly(2, 1, 2);
    assertThat((Integer[]) columns.get("shown")).containsExactly(2, 0, 1);
    Row first = (Row) ((Object[]) columns.get("responses"))[0];
    assertThat(first.mkString("|")).isEqualTo("x|a|m");
    Row second = (Row) ((Object[]) columns.get("responses"))[1];
    assertThat(second.getString(0)).isEqualTo("1");
    assertThat(columns)
        .containsEntry("annotator", "ann")
        .containsEntry("annotator_group", "crowd")
        .containsEntry("split", "heldout")
        .containsEntry("source", "lab")
        .containsEntry("gold", true)
        .containsEntry("severity", 0.25)
        .containsEntry("seconds", 2.5);
    assertThat(columns.get("annotator_attributes")).hasToString("Map(age -> 41, country -> CH)");
    assertThat(((Timestamp) columns.get("time")).toInstant())
        .isEqualTo(Instant.parse("2024-05-01T10:00:00Z"));
  }

  @Test
  void turnsAChoiceIntoRanks() throws Exception {
    String row = "{'prompt':'p','kind':'choice','responses':[{'text':'a'},{'text':'b'}],";
    assertThat((Integer[]) parse(row + "'choice':0}").get("ranking")).containsExactly(1, 2);
    assertThat((Integer[]) parse(row + "'choice':1}").get("ranking")).containsExactly(2, 1);
    assertThat(parse(row + "'choice':1,'strength':0.25}")).containsEntry("strength", 0.25);
  }

  @Test
  void readsTheKindsThatJudgeOneResponse() throws Exception {
    String row = "{'prompt':'p','responses':[{'text':'a'}],";
    assertThat(parse(row + "'kind':'binary','acceptable':false}"))
        .containsEntry("acceptable", false);
    assertThat(parse(row + "'kind':'rating','rating':6.5,'scale':[0,10]}"))
        .containsEntry("rating", 6.5)
        .containsEntry("rating_min", 0.0)
        .containsEntry("rating_max", 10.0);
    assertThat(parse(row + "'kind':'critique','critique':'rude','revision':'b'}"))
        .containsEntry("critique", "rude")
        .containsEntry("revision", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '~',
      value = {
        "[1]#Invalid row: array (must be an object)",
        "{'kind':'choice'}#Invalid prompt: missing (must be text)",
        "{'prompt':' '}#Invalid prompt: empty (must be text)",
        "{'prompt':7}#Invalid prompt: number (must be a list)",
        "{'prompt':[]}#Invalid prompt: last turn missing (must be one whose last turn is the user's)",
        "{'prompt':[{'role':'bot','content':'x'}]}"
            + "#Invalid prompt.role: unknown (must be system, user or assistant)",
        "{'prompt':[{'role':'assistant','content':'x'}]}"
            + "#Invalid prompt: last turn assistant (must be one whose last turn is the user's)",
        "{'prompt':'p'}#Invalid kind: missing (must be text)",
        "{'prompt':'p','kind':'stars'}"
            + "#Invalid kind: unknown (must be one of ranking, choice, binary, rating, critique)",
        "{'prompt':'p','kind':'choice'}#Invalid responses: missing (must be a list)",
        "{'prompt':'p','kind':'choice','responses':['a','b']}"
            + "#Invalid responses: string (must be an object)",
        "{'prompt':'p','kind':'choice','responses':[{'text':true},{'text':'b'}]}"
            + "#Invalid responses.text: boolean (must be text)",
        "{'prompt':'p','kind':'choice','responses':[{'text':' '},{'text':'b'}]}"
            + "#Invalid responses.text: empty (must be text)",
        "{'prompt':'p','kind':'ranking','responses':[{'text':'a'},{'text':'a '}],'ranking':[1,2]}"
            + "#Invalid responses: equal texts (must be different texts)",
        "{'prompt':'p','kind':'ranking','responses':[{'text':'a'}],'ranking':[1]}"
            + "#Invalid responses: fewer than two (must be two or more to compare)",
        "{'prompt':'p','kind':'ranking','responses':[{'text':'a'},{'text':'b'}],'ranking':[1]}"
            + "#Invalid ranking: wrong length (must be one rank a response)",
        "{'prompt':'p','kind':'ranking','responses':[{'text':'a'},{'text':'b'}],'ranking':[0,1]}"
            + "#Invalid ranking: a rank below 1 (must be ranks from 1)",
        "{'prompt':'p','kind':'ranking','responses':[{'text':'a'},{'text':'b'}],'ranking':[1.5,1]}"
            + "#Invalid ranking: holds number (must be a list of whole numbers)",
        "{'prompt':'p','kind':'choice','responses':[{'text':'a'},{'text':'b'}]}"
            + "#Invalid choice: missing (must be a number)",
        "{'prompt':'p','kind':'choice','responses':[{'text':'a'},{'text':'b'}],'choice':2}"
            + "#Invalid choice: another value (must be 0, 1, first, second or tie)",
        "{'prompt':'p','kind':'choice','responses':[{'text':'a'},{'text':'b'},{'text':'c'}],'choice':1}"
            + "#Invalid responses: more than two (must be two for a choice)",
        "{'prompt':'p','kind':'choice','responses':[{'text':'a'},{'text':'b'}],'choice':1,'strength':0}"
            + "#Invalid strength: out of range (must be above 0 and at most 1)",
        "{'prompt':'p','kind':'choice','responses':[{'text':'a'},{'text':'b'}],'choice':1,'shown':[0]}"
            + "#Invalid shown: not an order (must be every index of responses once)",
        "{'prompt':'p','kind':'binary','responses':[{'text':'a'},{'text':'b'}],'acceptable':true}"
            + "#Invalid responses: not one (must be the one response that was judged)",
        "{'prompt':'p','kind':'binary','responses':[{'text':'a'}],'acceptable':'yes'}"
            + "#Invalid acceptable: string (must be true or false)",
        "{'prompt':'p','kind':'rating','responses':[{'text':'a'}],'rating':6}"
            + "#Invalid rating: out of range (must be within scale)",
        "{'prompt':'p','kind':'rating','responses':[{'text':'a'}],'rating':1,'scale':[5,1]}"
            + "#Invalid scale: not a scale (must be [lowest, highest])",
        "{'prompt':'p','kind':'critique','responses':[{'text':'a'}]}"
            + "#Invalid critique: missing (must be text)",
        "{'prompt':'p','kind':'critique','responses':[{'text':'a'}],'critique':'x','revision':'a'}"
            + "#Invalid revision: equal to the response (must be a different text)",
        "{'prompt':'p','kind':'binary','responses':[{'text':'a'}],'acceptable':true,'split':'dev'}"
            + "#Invalid split: unknown (must be train or heldout)",
        "{'prompt':'p','kind':'binary','responses':[{'text':'a'}],'acceptable':true,'seconds':-1}"
            + "#Invalid seconds: negative (must be at least 0)",
        "{'prompt':'p','kind':'binary','responses':[{'text':'a'}],'acceptable':true,'severity':1.5}"
            + "#Invalid severity: out of range (must be at least 0 and at most 1)",
        "{'prompt':'p','kind':'binary','responses':[{'text':'a'}],'acceptable':true,'gold':1}"
            + "#Invalid gold: number (must be true or false)",
        "{'prompt':'p','kind':'binary','responses':[{'text':'a'}],'acceptable':true,'time':'noon'}"
            + "#Invalid time: not a time (must be ISO 8601 with an offset)",
      })
  void refusesWithAReason(String row, String reason) {
    assertThatThrownBy(() -> parse(row)).isInstanceOf(MalformedRow.class).hasMessage(reason);
  }

  @Test
  void autoTellsLayoutsByTheirKeys() throws Exception {
    FeedbackFormat auto = FeedbackFormat.named("auto", new Configuration(false));
    String dialogue = "\\n\\nHuman: hi\\n\\nAssistant:";
    assertThat(
            auto.entries(
                RawRows.JSON.readTree(
                    "{\"chosen\":\"%s a\",\"rejected\":\"%s b\"}".formatted(dialogue, dialogue))))
        .singleElement()
        .satisfies(
            entry ->
                assertThat(((Entry.Kept) entry).columns())
                    .containsEntry("kind", "choice")
                    .containsEntry("source", "hh-rlhf"));
    assertThat(auto.entries(RawRows.JSON.readTree("{\"question\":\"x\"}")))
        .containsExactly(new Entry.Refused(UNKNOWN));
    assertThatThrownBy(() -> FeedbackFormat.named("csv", new Configuration(false)))
        .hasMessageStartingWith(
            "Invalid feedback.format: csv (must be auto, plumbline, pandalm, squality,");
  }
}
