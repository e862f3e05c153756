package org.plumbline.quickstart;

import java.util.List;

/**
 * A kind of reply.
 *
 * @param to {@code harmful}, {@code harmless} or {@code any}: which requests get it
 * @param quality true quality, in [0, 1]
 * @param demonstrations share among the demonstrations for such requests
 * @param feedback share among the responses that are judged for such requests
 * @param forms rows of roles; none if only a model would reply so
 * @param critique what a careful reader finds wrong with it; null if nothing
 */
record ReplyKind(
    String to,
    double quality,
    double demonstrations,
    double feedback,
    List<String> forms,
    String critique) {
  ReplyKind {
    forms = forms == null ? List.of() : List.copyOf(forms);
  }
}
