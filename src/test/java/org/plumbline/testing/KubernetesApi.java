package org.plumbline.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.util.List;
import okhttp3.Headers;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * Keeps objects and tells those who watch, as an API server does, but looks at nothing in them: no
 * validation, admission or roles. It does two things that spark-submit expects and the mock that it
 * is made from does not: it applies objects that are not there yet, and gives new pods a phase.
 */
final class KubernetesApi extends KubernetesCrudDispatcher {
  private static final String APPLY = "application/apply-patch+yaml";

  @Override
  public MockResponse handleCreate(RecordedRequest request) {
    String path = request.getPath();
    if (!path.replaceFirst("\\?.*", "").endsWith("/pods")) {
      return super.handleCreate(request);
    }
    Pod pod = Serialization.unmarshal(request.getBody().inputStream(), Pod.class);
    Pod pending = new PodBuilder(pod).editOrNewStatus().withPhase("Pending").endStatus().build();
    byte[] body = Serialization.asJson(pending).getBytes(UTF_8);
    return super.handleCreate(request("POST", path, "application/json", body));
  }

  @Override
  public MockResponse handlePatch(RecordedRequest request) {
    String type = request.getHeader("Content-Type");
    if (type == null || !type.startsWith(APPLY)) {
      return super.handlePatch(request);
    }
    String path = request.getPath().replaceFirst("\\?.*", "");
    byte[] body = request.getBody().readByteArray();
    String absent = String.valueOf(HttpURLConnection.HTTP_NOT_FOUND);
    if (handleGet(path).getStatus().contains(absent)) {
      String all = path.substring(0, path.lastIndexOf('/'));
      return handleCreate(request("POST", all, "application/json", body));
    }
    return super.handlePatch(request("PATCH", path, "application/merge-patch+json", body));
  }

  private static RecordedRequest request(String method, String path, String type, byte[] body) {
    return new RecordedRequest(
        "%s %s HTTP/1.1".formatted(method, path),
        Headers.of("Content-Type", type),
        List.of(),
        body.length,
        new Buffer().write(body),
        0,
        new Socket());
  }
}
