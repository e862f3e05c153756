package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.stage.RunFolder;
import org.plumbline.testing.LocalSpark;

class TestSharedFolder {
  @TempDir Path folder;

  @Test
  void hostsThatDoNotSeeAFileAreTold() {
    SparkSession spark = LocalSpark.session();
    RunFolder run = new RunFolder(folder.resolve("a b").toUri().toString(), new Configuration());
    run.writeText("seen", "");
    SharedFolder shared = new SharedFolder(run, spark);
    assertThat(shared.blind("seen")).isEmpty();
    assertThat(shared.blind("unseen"))
        .containsExactly(SparkEnv.get().blockManager().blockManagerId().host());
  }
}
