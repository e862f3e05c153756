package org.plumbline;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.model.Compute;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.LoadedModel;
import org.plumbline.model.Tokenizer;
import org.plumbline.model.WeightType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which model a command asks, and how that computes. */
final class ModelOptions {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Hugging Face folder, on any Hadoop file system")
  private String model;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      defaultValue = "float32",
      converter = ComputeName.class,
      description = "type of matrix products, float32 or bfloat16 (default: ${DEFAULT-VALUE})")
  private Compute compute;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "native threads (default: as many as there are processors)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "print the result as JSON and nothing else")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private boolean help;

  /** Reads the name of a type. */
  static final class ComputeName implements ITypeConverter<Compute> {
    @Override
    public Compute convert(String name) {
      return Arrays.stream(Compute.values())
          .filter(compute -> compute.name().toLowerCase(Locale.ROOT).equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' (must be float32 or bfloat16)".formatted(name)));
    }
  }

  String model() {
    return model;
  }

  boolean json() {
    return json;
  }

  /** The language model, without what else the folder may have on top. */
  LoadedModel load(Configuration hadoop) throws IOException {
    Decoder.prepareThread(threads);
    // weights are only read here, so they need no more digits than products have
    WeightType type = compute == Compute.BFLOAT16 ? WeightType.BF16 : WeightType.F32;
    return LoadedModel.load(model, Head.NONE, compute, type, hadoop);
  }

  Tokenizer tokenizer(Configuration hadoop) {
    return Tokenizer.open(model, hadoop);
  }

  /** The ids of {@code text} as a text of its own, with the token that starts one. */
  static int[] ids(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encode(text);
    if (!tokenizer.addsBos()) {
      return ids;
    }
    int bos = tokenizer.bos().getAsInt();
    return ids.length > 0 && ids[0] == bos
        ? ids
        : IntStream.concat(IntStream.of(bos), IntStream.of(ids)).toArray();
  }
}
