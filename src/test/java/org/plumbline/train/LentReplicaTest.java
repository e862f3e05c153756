package org.plumbline.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.plumbline.cluster.Gang;
import org.plumbline.cluster.Gangs;
import org.plumbline.cluster.Lease;
import org.plumbline.config.ModelSettings;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Lora;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.ModelLease;
import org.plumbline.testing.LocalSpark;
import org.plumbline.testing.TinyModel;

/** Between two stages of its training a replica serves whoever wants the checkpoint it wrote. */
class LentReplicaTest {
  private static final Lora ADAPTERS = new Lora(2, 4, false, List.of("q_proj"));

  @TempDir Path folder;

  /** What happens within a task. */
  private interface Deed extends Serializable {
    void with(Lender lender) throws IOException;
  }

  private void inTask(Deed deed) {
    String uri = TinyModel.write(folder.resolve("start"), 5).uri();
    String to = folder.resolve("written").toUri().toString();
    Gangs.run(
        JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext())
            .parallelize(List.of(1), 1),
        1,
        (gang, rows) -> {
          Decoder.prepareThread(1);
          ModelFolder start = new ModelFolder(uri, new Configuration());
          deed.with(new Lender(gang, start, start.at(to), new ParkedReplicas.Key(to, "", "")));
          return rows;
        });
  }

  private record Lender(Gang gang, ModelFolder start, ModelFolder written, ParkedReplicas.Key key) {
    Lender writing(String uri) {
      return new Lender(gang, start, start.at(uri), new ParkedReplicas.Key(uri, "", ""));
    }

    /** A replica that wrote its checkpoint, is parked, and lent if it can be. */
    Replica park(Compute compute, Optional<Lora> lora) throws IOException {
      ModelSettings settings =
          new ModelSettings("", compute.name().toLowerCase(Locale.ROOT), false);
      Replica replica = Replica.begin(gang, start, Head.NONE, settings, lora, 3, Device.cpu());
      Configuration hadoop = new Configuration();
      TrainingCheckpoint.write(gang, replica, start, written.uri(), Map.of(), hadoop);
      replica.rest();
      ParkedReplicas.park(key, replica, lend(replica));
      return replica;
    }

    Optional<ModelLease.Loan> lend(Replica replica) throws IOException {
      return ModelLease.lend(written, replica.decoder(), replica.flat(), replica::close);
    }

    Lease<LoadedModel> lease(Compute compute) throws IOException {
      return lease(written, compute);
    }

    Lease<LoadedModel> lease(ModelFolder model, Compute compute) throws IOException {
      return ModelLease.of("policy", model.uri(), Head.NONE, compute, new Configuration());
    }

    Optional<Replica> take() {
      return ParkedReplicas.take(key, gang, Device.cpu());
    }
  }

  private static boolean isOpen(Replica replica) {
    return replica.trained().getManager().isOpen();
  }

  @Test
  void tasksUseItAsItIs() {
    inTask(
        lender -> {
          Replica replica = lender.park(Compute.FLOAT32, Optional.empty());
          try (Lease<LoadedModel> lease = lender.lease(Compute.FLOAT32)) {
            assertThat(lease.value().flat()).isSameAs(replica.flat());
          }
          try (Replica taken = lender.take().orElseThrow();
              Lease<LoadedModel> lease = lender.lease(Compute.FLOAT32)) {
            assertThat(taken).isSameAs(replica);
            assertThat(lease.value().flat()).isNotSameAs(replica.flat());
          }
        });
  }

  /** The version that was loaded before there was one to be lent would stay for ever. */
  @Test
  void whatWasLoadedInItsPlaceIsGivenUp() {
    inTask(
        lender -> {
          lender.park(Compute.FLOAT32, Optional.of(ADAPTERS));
          lender.take().orElseThrow().close();
          LoadedModel weights = loaded(lender, lender.start());
          LoadedModel adapters = loaded(lender, lender.written());
          assertThat(loaded(lender, lender.start())).isSameAs(weights);
          assertThat(loaded(lender, lender.written())).isSameAs(adapters);
          Lender next = lender.writing(lender.written().uri() + "-next");
          next.park(Compute.FLOAT32, Optional.empty());
          next.lease(Compute.FLOAT32).close();
          next.take().orElseThrow().close();
          assertThat(loaded(lender, lender.start())).isNotSameAs(weights);
          assertThat(loaded(lender, lender.written())).isNotSameAs(adapters);
        });
  }

  private static LoadedModel loaded(Lender lender, ModelFolder model) throws IOException {
    try (Lease<LoadedModel> lease = lender.lease(model, Compute.FLOAT32)) {
      return lease.value();
    }
  }

  /** As when training goes back to an earlier checkpoint: it would stay beside what is loaded. */
  @Test
  void anotherVersionThanIsWantedIsGivenUp() {
    inTask(
        lender -> {
          Replica replica = lender.park(Compute.FLOAT32, Optional.empty());
          ParkedReplicas.Key earlier =
              new ParkedReplicas.Key(
                  lender.key().session(), lender.key().training(), "earlier version");
          assertThat(ParkedReplicas.take(earlier, lender.gang(), Device.cpu())).isEmpty();
          assertThat(isOpen(replica)).isFalse();
        });
  }

  @Test
  void soTheyDoItsAdapters() {
    inTask(
        lender -> {
          Replica replica = lender.park(Compute.BFLOAT16, Optional.of(ADAPTERS));
          try (Lease<LoadedModel> lease = lender.lease(Compute.BFLOAT16)) {
            assertThat(lease.value().decoder()).isSameAs(replica.decoder());
          }
          lender.take().orElseThrow().close();
        });
  }

  /** Training must not change what a task still reads, nor close it. */
  @Test
  void oneInUseIsLeftToItsLastUser() {
    inTask(
        lender -> {
          Replica replica = lender.park(Compute.FLOAT32, Optional.empty());
          Lease<LoadedModel> first = lender.lease(Compute.FLOAT32);
          Lease<LoadedModel> second = lender.lease(Compute.FLOAT32);
          assertThat(lender.take()).isEmpty();
          first.close();
          assertThat(isOpen(replica)).isTrue();
          second.close();
          assertThat(isOpen(replica)).isFalse();
        });
  }

  /** Tasks that compute in bfloat16 hold weights of half the bytes. */
  @Test
  void mastersAreNotLentWhereTasksWantFewerBits() {
    inTask(
        lender -> {
          Replica replica = lender.park(Compute.BFLOAT16, Optional.empty());
          try (Lease<LoadedModel> lease = lender.lease(Compute.BFLOAT16)) {
            assertThat(lease.value().flat()).isNotSameAs(replica.flat());
          }
          lender.take().orElseThrow().close();
        });
  }

  @Test
  void ofTwoRanksInOneProcessOneIsEnough() {
    inTask(
        lender -> {
          Replica replica = lender.park(Compute.FLOAT32, Optional.empty());
          assertThat(lender.lend(replica)).isEmpty();
          lender.take().orElseThrow().close();
        });
  }
}
