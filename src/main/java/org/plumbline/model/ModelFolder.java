package org.plumbline.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.plumbline.checkpoint.Checkpoint;

/** A model as a Hugging Face folder on any Hadoop file system. */
public final class ModelFolder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String uri;
  private final Configuration configuration;

  /** The folder at {@code uri}; nothing is read yet. */
  public ModelFolder(String uri, Configuration configuration) {
    this.uri = uri;
    this.configuration = configuration;
  }

  /** Where it is. */
  public String uri() {
    return uri;
  }

  /**
   * Opens a file of the folder. What Plumbline wrote is verified against its manifest as it is
   * read.
   *
   * @throws FileNotFoundException if there is no such file
   */
  public InputStream open(String relative) throws IOException {
    return Checkpoint.isComplete(uri, configuration)
        ? Checkpoint.open(uri, configuration).read(relative)
        : fileSystem().open(new Path(uri, relative));
  }

  /** Whether the folder has a file called {@code relative}. */
  public boolean has(String relative) {
    try {
      return fileSystem().exists(new Path(uri, relative));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open model " + uri + ": " + e.getMessage(), e);
    }
  }

  /** Its {@code config.json}. */
  public JsonNode config() {
    try (InputStream in = open("config.json")) {
      return JSON.readTree(in);
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException("Cannot open model " + uri + ": it has no config.json", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open model " + uri + ": " + e.getMessage(), e);
    }
  }

  /** Whether it has weights, and not only a description of a model to be. */
  public boolean hasWeights() {
    return has(Weights.MODEL_FILE);
  }

  /** How many tokens it can take in. */
  public Context context() {
    return architecture().shape().context();
  }

  private Architecture architecture() {
    return Architecture.of(config(), uri + "/config.json");
  }

  /** Compiles its kernels, with {@code head} on top, to compute in float32. */
  public Decoder decoder(Head head) {
    return decoder(head, Compute.FLOAT32, Optional.empty());
  }

  /** The same, with products in {@code compute}. */
  public Decoder decoder(Head head, Compute compute) {
    return decoder(head, compute, Optional.empty());
  }

  /** The same, for weights that {@code lora} adapts. */
  public Decoder decoder(Head head, Compute compute, Optional<Lora> lora) {
    return new Decoder(config(), head, compute, lora, uri + "/config.json");
  }

  /** Opens a new file of a folder, named by its path within. */
  public interface FileOpener {
    OutputStream open(String relative) throws IOException;
  }

  /**
   * Writes what other tools need besides weights: the config, with the architecture that {@code
   * head} makes it, and every tokenizer and generation file untouched.
   */
  public void copyDescription(Head head, FileOpener target) throws IOException {
    try (OutputStream out = target.open("config.json")) {
      JSON.writerWithDefaultPrettyPrinter().writeValue(out, config(head));
    }
    for (String name : companions()) {
      try (InputStream in = open(name);
          OutputStream out = target.open(name)) {
        in.transferTo(out);
      }
    }
  }

  private JsonNode config(Head head) {
    ObjectNode config = config().deepCopy();
    String family = architecture().family();
    if (head == Head.SCORE) {
      config.putArray("architectures").add(family + "ForSequenceClassification");
      config.put("num_labels", 1);
    } else {
      config
          .putArray("architectures")
          .add(family + (family.equals("GPT2") ? "LMHeadModel" : "ForCausalLM"));
      config.remove("num_labels");
    }
    return config;
  }

  /** Files that go with the weights: all but config and anything that holds weights. */
  private List<String> companions() throws IOException {
    List<String> names = new ArrayList<>();
    for (FileStatus status : fileSystem().listStatus(new Path(uri))) {
      String name = status.getPath().getName();
      boolean text = name.endsWith(".json") || name.endsWith(".txt") || name.endsWith(".jinja");
      if (status.isFile()
          && (text || name.equals("tokenizer.model"))
          && !name.equals("config.json")
          && !name.endsWith(".index.json")) {
        names.add(name);
      }
    }
    names.sort(null);
    return names;
  }

  private FileSystem fileSystem() throws IOException {
    return new Path(uri).getFileSystem(configuration);
  }
}
