package org.plumbline.testing;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.amazonaws.services.s3.model.ListMultipartUploadsRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory;
import org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter;
import org.apache.spark.internal.io.cloud.PathOutputCommitProtocol;

/**
 * An S3 that forgets all when it ends, in a JVM of its own: s3proxy, which the build has copied to
 * {@code target/servers}. It checks signatures, and takes uploads in parts of 5 MiB or more.
 */
public final class S3Server implements AutoCloseable {
  private static final String BUCKET = "bucket";
  private static final String KEY = "key";
  private static final String SECRET = "secret of this test";
  private static final Path JAR = Path.of("target/servers/s3proxy.jar");

  private final Process process;
  private final int port;

  private S3Server(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one that has its settings and its log in {@code folder}, and an empty bucket. */
  public static S3Server start(Path folder) throws IOException, InterruptedException {
    int port = freePort();
    Path settings = Files.createDirectories(folder).resolve("s3proxy.properties");
    Files.write(
        settings,
        List.of(
            "s3proxy.endpoint=" + endpoint(port),
            "s3proxy.authorization=aws-v2-or-v4",
            "s3proxy.identity=" + KEY,
            "s3proxy.credential=" + SECRET,
            "jclouds.provider=transient",
            "jclouds.identity=none",
            "jclouds.credential=none"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path log = folder.resolve("s3proxy.log");
    Process process =
        new ProcessBuilder(
                java, "-Xmx512m", "-jar", JAR.toString(), "--properties", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    S3Server server = new S3Server(process, port);
    server.awaitStart(log);
    server.client().createBucket(BUCKET);
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitStart(Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!isListening()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        close();
        throw new IOException("Cannot start " + JAR + ": " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private boolean isListening() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static String endpoint(int port) {
    return "http://127.0.0.1:" + port;
  }

  private AmazonS3 client() {
    return AmazonS3ClientBuilder.standard()
        .withPathStyleAccessEnabled(true)
        .withEndpointConfiguration(new EndpointConfiguration(endpoint(port), "us-east-1"))
        .withCredentials(new AWSStaticCredentialsProvider(new BasicAWSCredentials(KEY, SECRET)))
        .build();
  }

  /** The bucket, as Hadoop knows it. */
  public String uri() {
    return "s3a://" + BUCKET;
  }

  /** Uploads under {@code prefix} that were begun and neither finished nor given up. */
  public long unfinishedUploads(String prefix) {
    return client()
        .listMultipartUploads(new ListMultipartUploadsRequest(BUCKET))
        .getMultipartUploads()
        .stream()
        .filter(upload -> upload.getKey().startsWith(prefix))
        .count();
  }

  /** Spark's settings for it; tables are committed as the page on training says. */
  public Map<String, Object> settings() {
    return Map.ofEntries(
        Map.entry("spark.hadoop.fs.s3a.endpoint", endpoint(port)),
        Map.entry("spark.hadoop.fs.s3a.access.key", KEY),
        Map.entry("spark.hadoop.fs.s3a.secret.key", SECRET),
        Map.entry("spark.hadoop.fs.s3a.path.style.access", "true"),
        Map.entry("spark.hadoop.fs.s3a.multipart.size", "5M"),
        // s3proxy does not say the etag of a part that it copies
        Map.entry("spark.hadoop.fs.s3a.change.detection.mode", "none"),
        Map.entry("spark.hadoop.fs.s3a.committer.name", "magic"),
        Map.entry(
            "spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3a",
            S3ACommitterFactory.CLASSNAME),
        Map.entry(
            "spark.sql.sources.commitProtocolClass", PathOutputCommitProtocol.class.getName()),
        Map.entry(
            "spark.sql.parquet.output.committer.class",
            BindingParquetOutputCommitter.class.getName()));
  }

  @Override
  public void close() {
    process.destroy();
  }
}
