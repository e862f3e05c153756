package org.plumbline.testing;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The only node of a Kubernetes, which takes every pod: it runs them as processes of this machine
 * and tells the API server how they fare. It limits nothing of what they use.
 */
final class Kubelet implements Watcher<Pod>, AutoCloseable {
  private final KubernetesClient client;
  private final SparkInstallation spark;
  private final Path folder;
  private final List<PodProcess> pods = new CopyOnWriteArrayList<>();
  private final Watch watch;

  /** Starts one that runs the pods of the client's namespace on {@code spark}. */
  Kubelet(KubernetesClient client, SparkInstallation spark, Path folder) {
    this.client = client;
    this.spark = spark;
    this.folder = folder;
    this.watch = client.pods().watch(this);
  }

  /** All pods that there have been, in the order of their coming. */
  List<PodProcess> pods() {
    return List.copyOf(pods);
  }

  @Override
  public void eventReceived(Action action, Pod pod) {
    String id = pod.getMetadata().getUid();
    if (action == Action.ADDED) {
      PodProcess added = new PodProcess(pod, freeAddress(), folder.resolve(id));
      pods.add(added);
      Thread thread = new Thread(() -> run(added), added.name());
      thread.setDaemon(true);
      thread.start();
    } else if (action == Action.DELETED) {
      pods.stream()
          .filter(some -> some.pod().getMetadata().getUid().equals(id))
          .forEach(PodProcess::delete);
    }
  }

  @Override
  public void onClose(WatcherException cause) {
    if (cause != null) {
      throw new IllegalStateException("The kubelet sees no more pods", cause);
    }
  }

  /** All of 127.0.0.0/8 is this machine; another JVM that does the same shall not be met. */
  private String freeAddress() {
    long process = ProcessHandle.current().pid();
    return "127.%d.%d.%d".formatted(1 + process / 250 % 250, process % 250, 1 + pods.size());
  }

  private void run(PodProcess pod) {
    try {
      Files.createDirectories(pod.log().getParent());
      for (Volume volume : pod.pod().getSpec().getVolumes()) {
        pod.mount(volume, files(volume));
      }
      if (pod.start(spark, services())) {
        report(pod, "Running", running());
        int code = pod.await();
        report(pod, code == 0 ? "Succeeded" : "Failed", terminated(code));
      }
    } catch (IOException | RuntimeException e) {
      write(pod, e);
      report(pod, "Failed", terminated(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, String> files(Volume volume) throws InterruptedException {
    if (volume.getEmptyDir() != null) {
      return Map.of();
    }
    if (volume.getConfigMap() == null) {
      throw new IllegalArgumentException("Cannot mount " + volume);
    }
    ConfigMapVolumeSource source = volume.getConfigMap();
    Map<String, String> data = await(source.getName()).getData();
    if (source.getItems().isEmpty()) {
      return data;
    }
    Map<String, String> files = new HashMap<>();
    for (KeyToPath item : source.getItems()) {
      files.put(item.getPath(), data.get(item.getKey()));
    }
    return files;
  }

  /** spark-submit makes it after the pod that mounts it, so that the pod can be its owner. */
  private ConfigMap await(String name) throws InterruptedException {
    ConfigMap map = client.configMaps().withName(name).get();
    for (int i = 0; map == null; i++) {
      if (i == 300) {
        throw new IllegalStateException("There is no ConfigMap " + name + " after 30 s");
      }
      TimeUnit.MILLISECONDS.sleep(100);
      map = client.configMaps().withName(name).get();
    }
    return map;
  }

  /** What a cluster's DNS would say: the addresses of the pods that services choose. */
  private List<String> services() {
    return client.services().list().getItems().stream()
        .flatMap(
            service ->
                pods.stream()
                    .filter(pod -> isChosen(pod, service.getSpec().getSelector()))
                    .map(
                        pod ->
                            "%s %s.%s.svc"
                                .formatted(
                                    pod.address(),
                                    service.getMetadata().getName(),
                                    service.getMetadata().getNamespace())))
        .toList();
  }

  private static boolean isChosen(PodProcess pod, Map<String, String> selector) {
    return pod.pod().getMetadata().getLabels().entrySet().containsAll(selector.entrySet());
  }

  private static ContainerState running() {
    return new ContainerStateBuilder()
        .withNewRunning()
        .withStartedAt(Instant.now().toString())
        .endRunning()
        .build();
  }

  private static ContainerState terminated(int code) {
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(code)
        .withReason(code == 0 ? "Completed" : "Error")
        .withFinishedAt(Instant.now().toString())
        .endTerminated()
        .build();
  }

  private void report(PodProcess pod, String phase, ContainerState state) {
    try {
      client
          .pods()
          .withName(pod.name())
          .editStatus(
              current ->
                  new PodBuilder(current)
                      .editStatus()
                      .withPhase(phase)
                      .withPodIP(pod.address())
                      .withContainerStatuses()
                      .addNewContainerStatus()
                      .withName(pod.container().getName())
                      .withReady(state.getRunning() != null)
                      .withState(state)
                      .endContainerStatus()
                      .endStatus()
                      .build());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        write(pod, e);
      } // else Spark has deleted it, and nobody cares any more
    }
  }

  private static void write(PodProcess pod, Exception reason) {
    try (PrintWriter log =
        new PrintWriter(
            Files.newBufferedWriter(
                pod.log(), StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
      reason.printStackTrace(log);
    } catch (IOException e) {
      reason.addSuppressed(e);
      throw new IllegalStateException("Cannot write to " + pod.log(), reason);
    }
  }

  @Override
  public void close() {
    watch.close();
    pods.forEach(PodProcess::destroy);
  }
}
