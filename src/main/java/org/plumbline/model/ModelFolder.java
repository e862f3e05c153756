package org.plumbline.model;

import ai.djl.Device;
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
import org.apache.hadoop.fs.LocalFileSystem;
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

  /** Another one, as seen by the same file systems. */
  public ModelFolder at(String other) {
    return new ModelFolder(other, configuration);
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
    Optional<Checkpoint> checkpoint = Checkpoint.find(uri, configuration);
    return checkpoint.isPresent()
        ? checkpoint.get().read(relative)
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

  /** Its {@code config.json}; of adapters, that of their base. */
  public JsonNode config() {
    return isAdapter() ? base().config() : json("config.json");
  }

  private JsonNode json(String name) {
    try (InputStream in = open(name)) {
      // Read to its end first: only then is it verified, and a parser may give up before.
      return JSON.readTree(in.readAllBytes());
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException("Cannot open model " + uri + ": it has no " + name, e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open model " + uri + ": " + e.getMessage(), e);
    }
  }

  /**
   * Whether it has weights, and not only a description of a model to be.
   *
   * @throws IOException if it has weights in a form that is not read, such as a pickle
   */
  public boolean hasWeights() throws IOException {
    return !isAdapter() && WeightFiles.of(this).isPresent();
  }

  /**
   * Opens a file of the folder: what Plumbline wrote as a stream that verifies it, else a local
   * file in place, any other as a stream.
   *
   * @throws FileNotFoundException if there is no such file
   */
  ByteSource source(String relative) throws IOException {
    String where = uri + "/" + relative;
    Optional<Checkpoint> checkpoint = Checkpoint.find(uri, configuration);
    if (checkpoint.isPresent()) {
      long size = checkpoint.get().size(relative);
      return new StreamedFile(checkpoint.get().read(relative), size, where);
    }
    Path path = new Path(uri, relative);
    FileSystem files = fileSystem();
    FileStatus status = files.getFileStatus(path);
    // Where Hadoop has left a checksum beside a file, its stream verifies that.
    if (files instanceof LocalFileSystem local && !local.exists(local.getChecksumFile(path))) {
      return new MappedFile(local.pathToFile(path).toPath());
    }
    return new StreamedFile(files.open(path), status.getLen(), where);
  }

  /** The files that its weights or adapters lie in, those of a value head too. */
  List<FileStatus> weights() throws IOException {
    List<FileStatus> weights = new ArrayList<>();
    for (String name : weightNames()) {
      weights.add(fileSystem().getFileStatus(new Path(uri, name)));
    }
    return weights;
  }

  /** Where they lie within the folder. */
  List<String> weightNames() throws IOException {
    List<String> names = new ArrayList<>();
    if (isAdapter()) {
      names.addAll(List.of(AdapterConfig.NAME, AdapterFile.NAME));
    } else {
      WeightFiles.of(this).ifPresent(files -> names.addAll(files.all()));
    }
    if (has(Weights.VALUE_FILE)) {
      names.add(Weights.VALUE_FILE);
    }
    return names;
  }

  /** The files in it, sorted by name; those in folders below are left out. */
  List<String> fileNames() throws IOException {
    return fileNames(new Path(uri));
  }

  /** The files in its folder {@code folder}, sorted by name. */
  List<String> fileNames(String folder) throws IOException {
    return fileNames(new Path(uri, folder));
  }

  private List<String> fileNames(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    for (FileStatus status : fileSystem().listStatus(folder)) {
      if (status.isFile()) {
        names.add(status.getPath().getName());
      }
    }
    names.sort(null);
    return names;
  }

  /** Whether it has adapters for the weights of another folder, and no weights. */
  public boolean isAdapter() {
    return has(AdapterConfig.NAME) && !has(Weights.MODEL_FILE) && !has(WeightFiles.INDEX);
  }

  /** What is said of its adapters. */
  AdapterConfig adapterConfig() {
    return new AdapterConfig(
        new ConfigReader(json(AdapterConfig.NAME), uri + "/" + AdapterConfig.NAME));
  }

  /** The adapters that it has, if it has adapters. */
  public Optional<Lora> lora() {
    return isAdapter() ? Optional.of(adapterConfig().lora(architecture())) : Optional.empty();
  }

  /** Whether its config says that it is a reward model. */
  boolean scores() {
    String name = config().at("/architectures/0").asText();
    return name.equals(architecture().className(Head.SCORE));
  }

  /** The head that goes with its adapters. */
  Head adapterHead() {
    if (adapterConfig().scores()) {
      return Head.SCORE;
    }
    return has(Weights.VALUE_FILE) ? Head.VALUE : Head.NONE;
  }

  /**
   * The folder of the weights that its adapters are for; without adapters, this folder.
   *
   * @throws UncheckedIOException if the base is not there, or has adapters itself
   */
  public ModelFolder base() {
    if (!isAdapter()) {
      return this;
    }
    String name = adapterConfig().base();
    ModelFolder base = at(new Path(new Path(uri), name).toString());
    if (!base.has("config.json") || base.isAdapter()) {
      String why = base.isAdapter() ? "has adapters itself; merge them first" : "is not there";
      throw new UncheckedIOException(
          "Cannot open adapters %s: base_model_name_or_path %s, that is %s, %s"
              .formatted(uri, name, base.uri(), why),
          new FileNotFoundException(base.uri()));
    }
    return base;
  }

  /** How many tokens it can take in. */
  public Context context() {
    return architecture().shape().context();
  }

  private Architecture architecture() {
    return Architecture.of(config(), uri + "/config.json");
  }

  /** Compiles its kernels, with {@code head} on top, to compute in float32 on the CPU. */
  public Decoder decoder(Head head) {
    return decoder(head, Compute.FLOAT32, Optional.empty());
  }

  /** The same, with products in {@code compute}. */
  public Decoder decoder(Head head, Compute compute) {
    return decoder(head, compute, Optional.empty());
  }

  /** The same, for weights that {@code lora} adapts. */
  public Decoder decoder(Head head, Compute compute, Optional<Lora> lora) {
    return decoder(head, compute, lora, Device.cpu());
  }

  /** The same, on {@code device}. */
  public Decoder decoder(Head head, Compute compute, Optional<Lora> lora, Device device) {
    return new Decoder(config(), head, compute, lora, device, uri + "/config.json");
  }

  /** Opens a new file of a folder, named by its path within. */
  public interface FileOpener {
    OutputStream open(String relative) throws IOException;
  }

  /**
   * Writes what other tools need besides weights: the config, with the architecture that {@code
   * head} makes it and the type of the weights, and every tokenizer and generation file untouched.
   */
  public void copyDescription(Head head, WeightType type, FileOpener target) throws IOException {
    try (OutputStream out = target.open("config.json")) {
      JSON.writerWithDefaultPrettyPrinter().writeValue(out, config(head, type));
    }
    ModelFolder words = tokenizerFolder();
    for (String name : words.fileNames()) {
      if (isCompanion(name)) {
        try (InputStream in = words.open(name);
            OutputStream out = target.open(name)) {
          in.transferTo(out);
        }
      }
    }
  }

  /** Where its tokenizer is: here, or, as adapters need none, in their base. */
  public ModelFolder tokenizerFolder() {
    return has("tokenizer.json") ? this : base();
  }

  /** How a folder at {@code other} is to name this one: by path, unless elsewhere than that. */
  String nameFrom(String other) throws IOException {
    Path here = fileSystem().makeQualified(new Path(uri));
    boolean near =
        new Path(other).getFileSystem(configuration).getUri().equals(fileSystem().getUri());
    return near ? here.toUri().getPath() : here.toString();
  }

  private JsonNode config(Head head, WeightType type) {
    ObjectNode config = config().deepCopy();
    Architecture architecture = architecture();
    config.putArray("architectures").add(architecture.className(head));
    if (head == Head.SCORE) {
      config.put("num_labels", 1);
      // Names of labels would overrule their number.
      config.remove(List.of("id2label", "label2id"));
    } else {
      config.remove("num_labels");
    }
    config.put("torch_dtype", type.torchName());
    if (config.has("dtype")) {
      config.put("dtype", type.torchName());
    }
    return config;
  }

  /** Whether a file goes with the weights: all but config and anything that holds weights. */
  private static boolean isCompanion(String name) {
    boolean text = name.endsWith(".json") || name.endsWith(".txt") || name.endsWith(".jinja");
    return (text || name.equals("tokenizer.model"))
        && !name.equals("config.json")
        && !name.equals(AdapterConfig.NAME)
        && !name.endsWith(".index.json");
  }

  Configuration configuration() {
    return configuration;
  }

  private FileSystem fileSystem() throws IOException {
    return new Path(uri).getFileSystem(configuration);
  }
}
