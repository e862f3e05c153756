package org.plumbline.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The written specification and the code say the same. */
class TestTablesPage {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| [^|]+ \\| (yes|no) \\|");

  static List<Table> tables() {
    return List.of(
        FeedbackTable.TABLE,
        RejectsTable.TABLE,
        DemonstrationsTable.TABLE,
        PromptsTable.TABLE,
        VotesTable.TABLE,
        PairsTable.TABLE,
        UnpairedTable.TABLE,
        RatingsTable.TABLE,
        AnnotatorsTable.TABLE,
        BiasesTable.TABLE,
        FindingsTable.TABLE,
        PairTokensTable.TABLE,
        UnpairedTokensTable.TABLE,
        RatingTokensTable.TABLE,
        DemonstrationTokensTable.TABLE,
        PromptTokensTable.TABLE,
        RolloutsTable.TABLE,
        MetricsTable.TABLE,
        ScoresTable.TABLE,
        ReferenceLogprobsTable.TABLE,
        ResponseLogprobsTable.TABLE,
        VerdictsTable.TABLE,
        AssignmentsTable.TABLE,
        ForgottenPairsTable.TABLE);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void namesEveryColumnInOrder(Table table) throws IOException {
    String page = Files.readString(Path.of("src/site/markdown/tables.md"));
    int start = page.indexOf("\n## " + table.name() + "\n");
    assertThat(start).as("a section on " + table.name()).isNotNegative();
    int end = page.indexOf("\n## ", start + 1);
    String section = page.substring(start, end < 0 ? page.length() : end);
    assertThat(ROW.matcher(section).results().map(TestTablesPage::column))
        .containsExactlyElementsOf(
            Arrays.stream(table.schema().fields()).map(TestTablesPage::column).toList());
  }

  private static String column(MatchResult row) {
    return row.group(1) + " " + row.group(2);
  }

  private static String column(StructField field) {
    return field.name() + " " + (field.nullable() ? "no" : "yes");
  }
}
