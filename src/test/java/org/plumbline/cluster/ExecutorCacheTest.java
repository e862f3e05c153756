package org.plumbline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ExecutorCacheTest {
  private final String group = UUID.randomUUID().toString();

  /** Something costly that knows whether it was closed. */
  private static final class Model implements AutoCloseable {
    final AtomicInteger closed = new AtomicInteger();

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  @Test
  void loadsOnceAndKeepsItBetweenLeases() throws Exception {
    Model first;
    try (Lease<Model> lease = ExecutorCache.lease(group, "step-1", Model::new)) {
      first = lease.value();
    }
    try (Lease<Model> lease = ExecutorCache.lease(group, "step-1", Model::new)) {
      assertThat(lease.value()).isSameAs(first);
    }
    assertThat(first.closed).hasValue(0);
  }

  @Test
  void othersWaitForTheOneThatLoads() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Model>> models = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        models.add(
            threads.submit(
                () -> {
                  try (Lease<Model> lease =
                      ExecutorCache.lease(
                          group,
                          "step-1",
                          () -> {
                            loads.incrementAndGet();
                            loading.countDown();
                            go.await();
                            return new Model();
                          })) {
                    return lease.value();
                  }
                }));
      }
      loading.await();
      // Another key does not wait for this one.
      ExecutorCache.lease(group, "step-2", Model::new).close();
      go.countDown();
      Model model = models.get(0).get();
      for (Future<Model> other : models) {
        assertThat(other.get()).isSameAs(model);
      }
      assertThat(loads).hasValue(1);
    } finally {
      go.countDown();
      threads.shutdownNow();
    }
  }

  @Test
  void closesWhatIsOlderThanTheNewestTwo() throws Exception {
    Model one = leaseAndReturn("step-1");
    Model two = leaseAndReturn("step-2");
    assertThat(leaseAndReturn("step-1")).isSameAs(one); // now step-2 is the older
    Model three = leaseAndReturn("step-3");
    assertThat(two.closed).hasValue(1);
    assertThat(one.closed).hasValue(0);
    assertThat(three.closed).hasValue(0);
    assertThat(leaseAndReturn("step-2")).isNotSameAs(two);
  }

  @Test
  void groupsDoNotEvictEachOther() throws Exception {
    Model reference = leaseAndReturn("reference");
    for (int i = 0; i < 5; i++) {
      ExecutorCache.lease(group + "-other", "step-" + i, Model::new).close();
    }
    assertThat(reference.closed).hasValue(0);
  }

  @Test
  void anEvictedOneLivesUntilItsLastLeaseEnds() throws Exception {
    Lease<Model> a = ExecutorCache.lease(group, "step-1", 1, Model::new);
    Lease<Model> b = ExecutorCache.lease(group, "step-1", 1, Model::new);
    Model model = a.value();
    ExecutorCache.lease(group, "step-2", 1, Model::new).close();
    a.close();
    a.close();
    assertThat(model.closed).hasValue(0);
    assertThat(b.value()).isSameAs(model);
    b.close();
    assertThat(model.closed).hasValue(1);
    assertThatThrownBy(b::value).hasMessageContaining("its lease is closed");
  }

  @Test
  void aFailedLoadIsToldAndTriedAgain() throws Exception {
    assertThatThrownBy(
            () ->
                ExecutorCache.<Model>lease(
                    group,
                    "step-1",
                    () -> {
                      throw new IOException("Cannot open checkpoint step-1: no manifest");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("Cannot open checkpoint step-1: no manifest");
    assertThat(leaseAndReturn("step-1").closed).hasValue(0);
  }

  @Test
  void oneWhoGivesUpWaitingTakesNothingFromTheOthers() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Model> loader =
          threads.submit(
              () -> {
                try (Lease<Model> lease =
                    ExecutorCache.lease(
                        group,
                        "step-1",
                        () -> {
                          loading.countDown();
                          go.await();
                          return new Model();
                        })) {
                  return lease.value();
                }
              });
      loading.await();
      Future<Model> waiter = threads.submit(() -> leaseAndReturn("step-1"));
      waiter.cancel(true);
      go.countDown();
      assertThat(leaseAndReturn("step-1")).isSameAs(loader.get());
    } finally {
      go.countDown();
      threads.shutdownNow();
    }
  }

  @Test
  void whatIsLentIsTheLendersAgain() throws Exception {
    Model model = new Model();
    assertThat(ExecutorCache.lend(group, "step-1", model)).isTrue();
    assertThat(ExecutorCache.lend(group, "step-1", new Model())).isFalse();
    try (Lease<Model> lease = ExecutorCache.<Model>find(group, "step-1").orElseThrow()) {
      assertThat(lease.value()).isSameAs(model);
    }
    assertThat(ExecutorCache.withdraw(group, "step-1")).isTrue();
    assertThat(ExecutorCache.find(group, "step-1")).isEmpty();
    assertThat(model.closed).hasValue(0);
  }

  @Test
  void whatIsWithdrawnInUseIsClosedByItsLastUser() throws Exception {
    Model model = new Model();
    ExecutorCache.lend(group, "step-1", model);
    Lease<Model> a = ExecutorCache.<Model>find(group, "step-1").orElseThrow();
    Lease<Model> b = ExecutorCache.<Model>find(group, "step-1").orElseThrow();
    assertThat(ExecutorCache.withdraw(group, "step-1")).isFalse();
    assertThat(ExecutorCache.find(group, "step-1")).isEmpty();
    a.close();
    assertThat(model.closed).hasValue(0);
    b.close();
    assertThat(model.closed).hasValue(1);
  }

  @Test
  void refusesToKeepNothing() {
    assertThatThrownBy(() -> ExecutorCache.lease("policy", "step-1", 0, Model::new))
        .hasMessage("Invalid number of keys to keep of policy: 0 (must be at least 1)");
  }

  @Test
  void noThreadEverHoldsAClosedThing() throws Exception {
    List<Model> all = Collections.synchronizedList(new ArrayList<>());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        running.add(threads.submit(() -> leaseAtRandom(all)));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(all.stream().filter(model -> model.closed.get() == 0)).hasSize(2);
    assertThat(all).allMatch(model -> model.closed.get() <= 1);
  }

  private Void leaseAtRandom(List<Model> all) throws Exception {
    for (int i = 0; i < 2000; i++) {
      String key = "step-" + ThreadLocalRandom.current().nextInt(5);
      try (Lease<Model> lease =
          ExecutorCache.lease(
              group,
              key,
              () -> {
                Model model = new Model();
                all.add(model);
                return model;
              })) {
        Thread.yield();
        assertThat(lease.value().closed).hasValue(0);
      }
    }
    return null;
  }

  private Model leaseAndReturn(String key) throws Exception {
    try (Lease<Model> lease = ExecutorCache.lease(group, key, Model::new)) {
      return lease.value();
    }
  }
}
