package org.plumbline.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.plumbline.model.Decoder;
import org.plumbline.model.Head;
import org.plumbline.model.ModelFolder;
import org.plumbline.model.WeightType;
import org.plumbline.model.Weights;

/** A {@link TinyModel} so wide that it takes a while to train a step and to write it down. */
public final class WideModel {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WideModel() {}

  /** Of some 1.7 million weights: 7 MB, and 20 MB with what the optimizer keeps. */
  public static TinyModel write(Path folder, long seed) {
    TinyModel model = TinyModel.write(folder, seed);
    try {
      File file = folder.resolve("config.json").toFile();
      ObjectNode config = (ObjectNode) JSON.readTree(file);
      config.put("hidden_size", 256).put("intermediate_size", 832).put("initializer_range", 0.05);
      JSON.writeValue(file, config);
      writeWeights(model, seed);
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + folder, e);
    }
  }

  private static void writeWeights(TinyModel model, long seed) throws IOException {
    Decoder.prepareThread(1);
    try (Decoder decoder = new ModelFolder(model.uri(), new Configuration()).decoder(Head.NONE);
        NDManager manager = NDManager.newBaseManager("PyTorch");
        OutputStream out = Files.newOutputStream(model.folder().resolve(Weights.MODEL_FILE))) {
      NDArray flat = Weights.initial(decoder, seed, manager);
      Weights.writeModel(decoder, flat, WeightType.F32, out);
    }
  }
}
