package org.plumbline.report;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills the template. Style, scripts and data are put into the one file; the page's own content
 * security policy names them by their hashes and allows nothing else, so that text which found its
 * way into the page as markup could still neither run nor load anything.
 */
final class Page {
  private static final String RESOURCES = "org/plumbline/report/";
  private static final Pattern SLOT = Pattern.compile("\\{\\{([a-z]+)}}");
  private static final ObjectMapper JSON = new ObjectMapper();

  private Page() {}

  /** The page that shows {@code report}. */
  static String of(Report report) {
    Map<String, String> slots = new LinkedHashMap<>();
    slots.put("style", Charts.style() + "\n" + resource("report.css"));
    slots.put("charts", Charts.script());
    slots.put("view", resource("view.js"));
    slots.put("quality", resource("quality.js"));
    slots.put("script", resource("report.js"));
    slots.put(
        "policy",
        policy(
            slots.get("style"),
            slots.get("charts"),
            slots.get("view"),
            slots.get("quality"),
            slots.get("script")));
    slots.put("metrics", inert(resource("metrics.json")));
    slots.put("data", inert(json(report)));
    return fill(resource("report.html"), slots);
  }

  private static String policy(String style, String... scripts) {
    return "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src %s; script-src %s"
        .formatted(hash(style), Arrays.stream(scripts).map(Page::hash).collect(joining(" ")));
  }

  /** One pass, so that a value which looks like a slot stays as it is. */
  private static String fill(String template, Map<String, String> slots) {
    return SLOT.matcher(template)
        .replaceAll(slot -> Matcher.quoteReplacement(slots.get(slot.group(1))));
  }

  /**
   * JSON that cannot end the script element that holds it, and is also JavaScript. These characters
   * occur only within strings, where the escapes mean the same.
   */
  static String inert(String json) {
    return json.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  private static String json(Report report) {
    try {
      return JSON.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write report as JSON: " + e.getMessage(), e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static String resource(String name) {
    return Charts.text(RESOURCES + name);
  }
}
