package org.plumbline.config;

import java.io.Serializable;

/** What to read. */
public record FeedbackSettings(
    @Setting(
            value = "",
            doc = "feedback: a file, a folder or a glob, or table:NAME of Spark's catalog")
        String input,
    @Setting(
            value = "auto",
            doc =
                "auto (by file ending), json, csv, parquet, or a format of Spark such as delta, orc")
        String reader,
    @Setting(
            value = "auto",
            doc = "layout of a row: auto, plumbline, a ready mapping's name, or a mapping file")
        String format,
    @Setting(
            value = "false",
            doc = "add to the feedback table of the run; judgments already there are rejects")
        boolean append,
    @Setting(value = "", doc = "dialogues to imitate, in the project's own layout; may be empty")
        String demonstrations,
    @Setting(
            value = "",
            doc = "prompts to sample from and to evaluate on; empty: those of the feedback")
        String prompts,
    @Setting(
            value = "0.1",
            min = 0,
            max = 1,
            doc = "share of prompts kept for evaluation, by prompt hash")
        double heldOutShare)
    implements Serializable {

  /** Files that are read by their ending, into a table that begins anew. */
  public FeedbackSettings(
      String input, String format, String demonstrations, String prompts, double heldOutShare) {
    this(input, "auto", format, false, demonstrations, prompts, heldOutShare);
  }
}
