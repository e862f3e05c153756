package org.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.stage.RunFolder;
import org.slf4j.LoggerFactory;

class TestRunLog {
  @TempDir Path folder;

  @AfterEach
  void letGoOfTheFile() {
    Logs.configure(Optional.empty(), false);
  }

  @Test
  void linesGoToTheRunFolderOneCommandAfterTheOther() throws IOException {
    for (String command : new String[] {"first", "second"}) {
      RunFolder run = new RunFolder(folder.toString(), new Configuration());
      try (RunLog log = RunLog.open(run, false)) {
        LoggerFactory.getLogger("org.apache.spark.Anything").info("{} command", command);
        assertThat(log.place()).isEqualTo(folder.resolve("logs/spark.log").toString());
      }
    }

    assertThat(Files.readString(folder.resolve("logs/spark.log")))
        .containsPattern("(?s)INFO  o.a.s.Anything: first command\n.*: second command\n");
  }

  /** viewfs stands in for a file system that is not this machine's own. */
  private RunFolder remote() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.viewfs.mounttable.far.link./run", folder.toUri().toString());
    hadoop.setBoolean("fs.viewfs.impl.disable.cache", true); // each test has a folder of its own
    return new RunFolder("viewfs://far/run", hadoop);
  }

  @Test
  void aRemoteFolderGetsTheLogAtTheEnd() throws IOException {
    RunFolder run = remote();
    Path arrived = folder.resolve("logs/spark.log");
    try (FSDataOutputStream before =
        run.fileSystem().create(new org.apache.hadoop.fs.Path(run.at("logs/spark.log")))) {
      before.write("an earlier command\n".getBytes(StandardCharsets.UTF_8));
    }

    try (RunLog log = RunLog.open(run, false)) {
      LoggerFactory.getLogger("org.apache.spark.Anything").warn("this command");
      assertThat(Files.readString(arrived)).isEqualTo("an earlier command\n");
      assertThat(log.place()).isEqualTo("viewfs://far/run/logs/spark.log");
    }

    assertThat(Files.readString(arrived))
        .startsWith("an earlier command\n")
        .endsWith("WARN  o.a.s.Anything: this command\n");
  }

  @Test
  void aDriverThatIsKilledHasLeftItsLog() throws IOException, InterruptedException {
    RunFolder run = remote();
    try (RunLog log = RunLog.open(run, false, Duration.ofMillis(50))) {
      LoggerFactory.getLogger("org.apache.spark.Anything").warn("before the end");
      awaitArrival("before the end");
      LoggerFactory.getLogger("org.apache.spark.Anything").warn("later");
      awaitArrival("later");
    }
  }

  @Test
  void aLogThatCannotBeCopiedIsNoFailureAndToldOnce() throws IOException, InterruptedException {
    RunFolder run = remote();
    Path obstacle = Files.createFile(folder.resolve("logs")); // so there can be no file in it
    try (RunLog log = RunLog.open(run, false, Duration.ofMillis(5))) {
      LoggerFactory.getLogger("org.apache.spark.Anything").warn("to be copied");
      Thread.sleep(500); // some tries
      Files.delete(obstacle);
    }
    assertThat(Files.readString(folder.resolve("logs/spark.log")))
        .contains("to be copied")
        .containsOnlyOnce("Cannot copy the log");
  }

  private void awaitArrival(String text) throws IOException, InterruptedException {
    Path arrived = folder.resolve("logs/spark.log");
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < end
        && !(Files.exists(arrived) && Files.readString(arrived).contains(text))) {
      Thread.sleep(10);
    }
    assertThat(arrived).content().contains(text);
  }
}
