package org.plumbline.testing;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import okhttp3.mockwebserver.MockWebServer;

/**
 * As much of Kubernetes as Spark sees of it, for which {@link #submit} is spark-submit in cluster
 * mode: an API server in this JVM, and a node that runs pods as JVMs of this machine. There are no
 * images and no roles.
 */
public final class Kubernetes implements AutoCloseable {
  /** The label with Spark's name of an application, which all its pods have. */
  public static final String APPLICATION = "spark-app-selector";

  private final KubernetesMockServer server;
  private final KubernetesClient client;
  private final SparkInstallation spark;
  private final Kubelet kubelet;
  private final Path folder;
  private final List<Process> submitted = new ArrayList<>();

  private Kubernetes(KubernetesMockServer server, Path folder) throws IOException {
    this.server = server;
    this.folder = folder;
    this.client = client(server);
    this.spark = SparkInstallation.in(folder.resolve("spark"));
    this.kubelet = new Kubelet(client, spark, folder.resolve("pods"));
  }

  /** Starts one that works in {@code folder}. */
  public static Kubernetes start(Path folder) throws IOException {
    KubernetesMockServer server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new KubernetesApi(), false);
    server.init(InetAddress.getLoopbackAddress(), 0);
    return new Kubernetes(server, folder);
  }

  private static KubernetesClient client(KubernetesMockServer server) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.empty())
                .withMasterUrl(url(server))
                .withNamespace("default")
                .build())
        .build();
  }

  private static String url(KubernetesMockServer server) {
    return "http://127.0.0.1:" + server.getPort();
  }

  /**
   * Submits a jar in cluster mode, on two executors, and returns while it runs.
   *
   * @param name of the application, unlike others
   * @param jar where every pod finds it
   */
  public Process submit(String name, String jar, List<String> arguments) throws IOException {
    Map<String, String> settings =
        Map.of(
            "spark.master",
            "k8s://" + url(server),
            // which drivers of others find as kubernetes.default.svc
            "spark.kubernetes.driver.master",
            url(server),
            "spark.kubernetes.container.image",
            "none",
            "spark.executor.memoryOverhead",
            "256m");
    Process process = spark.submission(name, settings, jar, arguments, log(name)).start();
    submitted.add(process);
    return process;
  }

  /** The build's jar, as one that the image has. */
  public static String inImage() throws IOException {
    return "local://" + SparkInstallation.builtJar();
  }

  private Path log(String name) {
    return folder.resolve("submit-" + name + ".log");
  }

  /** The driver's pod of the application that was submitted as {@code name}. */
  public PodProcess driver(String name) {
    return findDriver(name)
        .orElseThrow(() -> new IllegalStateException(name + " has no driver: " + said(name)));
  }

  private Optional<PodProcess> findDriver(String name) {
    return kubelet.pods().stream()
        .filter(pod -> pod.label("spark-role").equals("driver"))
        .filter(pod -> pod.label("spark-app-name").equals(name))
        .findFirst();
  }

  /** All pods of executors that it has had, in the order of their coming. */
  public List<PodProcess> executors(String name) {
    return findDriver(name).stream().flatMap(this::executors).toList();
  }

  private Stream<PodProcess> executors(PodProcess driver) {
    String application = driver.label(APPLICATION);
    return kubelet.pods().stream()
        .filter(pod -> pod.label("spark-role").equals("executor"))
        .filter(pod -> pod.label(APPLICATION).equals(application));
  }

  /** What the API server says of a pod that was not deleted. */
  public String phase(PodProcess pod) {
    Pod current = client.pods().withName(pod.name()).get();
    return current.getStatus().getPhase();
  }

  /** What spark-submit and all pods so far have written, for those who ask why. */
  public String said(String name) {
    StringBuilder all = new StringBuilder();
    Stream<PodProcess> pods = Stream.concat(findDriver(name).stream(), executors(name).stream());
    Stream<Path> logs = Stream.concat(Stream.of(log(name)), pods.map(PodProcess::log));
    for (Path file : logs.filter(Files::exists).toList()) {
      try {
        all.append("\n== ").append(file).append('\n').append(Files.readString(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all.toString();
  }

  @Override
  public void close() {
    // so that nothing outlives a test that failed
    submitted.forEach(Process::destroyForcibly);
    kubelet.close();
    client.close();
    server.destroy();
  }
}
