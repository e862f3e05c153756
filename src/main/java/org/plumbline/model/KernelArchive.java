package org.plumbline.model;

import ai.djl.Device;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs kernel source as a TorchScript archive: a zip of the source text, a pickle of one object of
 * class {@code Kernels}, and an empty table of constants. libtorch compiles it on loading.
 */
final class KernelArchive {
  /** A long product of so many multiplications earns oneDNN's packing back. */
  private static final long LARGE_PRODUCT = 1L << 20;

  /** For a matrix of so few weights it takes longer to ask oneDNN than to multiply. */
  private static final long SMALL_MATRIX = 1L << 14;

  /** So many most probable words are sorted first to find those of top-p: mostly they suffice. */
  private static final int NUCLEUS = 256;

  /** Logits that are in memory at a time: 128 MiB of float32. */
  private static final int CHUNK_LOGITS = 1 << 25;

  private static final int MAX_CHUNK_ROWS = 1024;

  /** Logits that are worked on at a time: 1 MiB of float32. */
  private static final int BLOCK_LOGITS = 1 << 18;

  /** Logits that a tape keeps for the way back: 256 MiB of float32. */
  private static final int KEPT_LOGITS = 1 << 26;

  private KernelArchive() {}

  /**
   * The archive of the kernels of {@code architecture} with {@code head} on top.
   *
   * @param device that they are to be fast on
   */
  static byte[] of(
      Architecture architecture, Head head, Adapters adapters, Compute compute, Device device) {
    StringBuilder parts = new StringBuilder();
    for (String part : List.of("common.py", "adapters.py", "training.py", "generation.py")) {
      parts.append(resource(part)).append('\n');
    }
    String source = parts.append(resource(architecture.kernels())).toString();
    Map<String, String> constants = constants(architecture, head, compute);
    constants.put("block", Integer.toString(block(architecture.shape().vocabulary(), device)));
    constants.putAll(constants(adapters));
    for (Map.Entry<String, String> constant : constants.entrySet()) {
      source = source.replace("${" + constant.getKey() + "}", constant.getValue());
    }
    return zip(source);
  }

  /** The archive of the kernels in the resource {@code name}, which wants no constants. */
  static byte[] of(String name) {
    return zip(resource(name));
  }

  private static Map<String, String> constants(
      Architecture architecture, Head head, Compute compute) {
    Architecture.Shape shape = architecture.shape();
    Map<String, String> constants = new TreeMap<>();
    constants.put("hidden", Integer.toString(shape.hidden()));
    constants.put("vocabulary", Integer.toString(shape.vocabulary()));
    constants.put("layers", Integer.toString(shape.layers()));
    constants.put("heads", Integer.toString(shape.heads()));
    constants.put("kv_heads", Integer.toString(shape.kvHeads()));
    constants.put("head_dim", Integer.toString(shape.headDim()));
    constants.put("context", Integer.toString(shape.context().tokens()));
    constants.put("eps", Double.toString(architecture.epsilon()));
    constants.put(
        "rope_frequencies",
        Arrays.stream(architecture.ropeFrequencies())
            .mapToObj(Double::toString)
            .collect(Collectors.joining(", ")));
    constants.put("compute", Integer.toString(compute.scalarType()));
    constants.put("large_product", Long.toString(LARGE_PRODUCT));
    constants.put("small_matrix", Long.toString(SMALL_MATRIX));
    constants.put("nucleus", Integer.toString(NUCLEUS));
    int rows = Integer.highestOneBit(CHUNK_LOGITS / shape.vocabulary());
    int chunk = Math.max(32, Math.min(rows, MAX_CHUNK_ROWS));
    constants.put("chunk", Integer.toString(chunk));
    constants.put("kept", Integer.toString(KEPT_LOGITS / shape.vocabulary() / chunk * chunk));
    List<Block> blocks = new Layout(architecture, head).blocks();
    constants.put("blocks", Integer.toString(blocks.size() + 4 * shape.layers()));
    constants.put("sizes", sizes(blocks));
    return constants;
  }

  /** A GPU has no such cache to spare, and a price for each call. */
  private static int block(int vocabulary, Device device) {
    return device.isGpu() ? MAX_CHUNK_ROWS : Math.max(1, BLOCK_LOGITS / vocabulary);
  }

  private static Map<String, String> constants(Adapters adapters) {
    Map<String, String> constants = new TreeMap<>();
    constants.put("rank", Integer.toString(adapters.lora().map(Lora::rank).orElse(0)));
    constants.put("adapter_scale", Double.toString(adapters.lora().map(Lora::scale).orElse(0.0)));
    constants.put("adapter_sizes", sizes(adapters.blocks()));
    constants.put("linear_places", join(Adapters.PLACES));
    constants.put(
        "adapted_outputs",
        adapters.outputs().stream()
            .map(places -> "annotate(List[int], [" + join(places) + "])")
            .collect(Collectors.joining(", ")));
    return constants;
  }

  private static String sizes(List<Block> blocks) {
    return join(blocks.stream().map(Block::size).toList());
  }

  private static String join(List<?> numbers) {
    return numbers.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static String resource(String name) {
    try (InputStream in = KernelArchive.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read kernel source " + name, e);
    }
  }

  /** The archive of a program whose only class is {@code Kernels}. */
  static byte[] zip(String source) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, "version", "10\n");
      put(zip, "code/__torch__.py", source);
      // PROTO 2; GLOBAL __torch__.Kernels; EMPTY_TUPLE NEWOBJ; {"training": True}; BUILD; STOP
      put(
          zip,
          "data.pkl",
          "\u0080\u0002c__torch__\nKernels\n)\u0081}(X\u0008\0\0\0training\u0088ub.");
      put(zip, "constants.pkl", "\u0080\u0002).");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot pack kernels: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, String content) throws IOException {
    zip.putNextEntry(new ZipEntry("kernels/" + name));
    // Pickles are bytes above 127 too; kernel source is plain ASCII.
    zip.write(content.getBytes(StandardCharsets.ISO_8859_1));
    zip.closeEntry();
  }
}
