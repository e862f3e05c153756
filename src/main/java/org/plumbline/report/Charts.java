package org.plumbline.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** The charting library, from the WebJar on the class path. */
final class Charts {
  private static final String WEBJAR = "META-INF/resources/webjars/uplot/";
  private static final String POM = "META-INF/maven/org.webjars.npm/uplot/pom.properties";

  private Charts() {}

  /** The version that is on the class path; the build names it once, in the pom. */
  static String version() {
    Properties pom = new Properties();
    try (InputStream in = open(POM)) {
      pom.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + POM + ": " + e.getMessage(), e);
    }
    return pom.getProperty("version").trim();
  }

  /** The library, with the licence that must travel with it. */
  static String script() {
    return "/*\n" + webjar("LICENSE") + "*/\n" + webjar("dist/uPlot.iife.min.js");
  }

  /** The library's style sheet. */
  static String style() {
    return webjar("dist/uPlot.min.css");
  }

  private static String webjar(String file) {
    return text(WEBJAR + version() + "/" + file);
  }

  /** The text of the class path resource {@code name}. */
  static String text(String name) {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name + ": " + e.getMessage(), e);
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = Charts.class.getClassLoader().getResourceAsStream(name);
    if (in == null) {
      throw new IOException("not on the class path");
    }
    return in;
  }
}
