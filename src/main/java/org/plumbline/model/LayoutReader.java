package org.plumbline.model;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Files that hold the parameters of a layout, open and checked: whatever may be wrong with names,
 * shapes and places is found before memory is taken for the numbers.
 */
final class LayoutReader implements Closeable {
  private final Layout layout;
  private final Inventory inventory;
  private final List<Source> sources = new ArrayList<>();

  /** An open file, and where its tensors go, by their names in it. */
  private record Source(SafetensorsReader file, Map<String, Place> places) {}

  private record Place(long offset, NumberFormat format) {}

  /**
   * Without files yet.
   *
   * @param failure how errors begin
   */
  LayoutReader(Layout layout, String failure) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    layout.slots().forEach((name, slot) -> shapes.put(name, slot.parameter().shape()));
    this.layout = layout;
    this.inventory = new Inventory(failure, shapes);
  }

  /**
   * Opens a file.
   *
   * @param names the name of the layout for a name in the file
   * @param ignorable which names of no parameter are passed over
   * @return what is in it
   * @throws IOException if a tensor is unknown, there twice, or of another shape
   */
  List<TensorEntry> open(
      ModelFolder folder, String file, UnaryOperator<String> names, Predicate<String> ignorable)
      throws IOException {
    SafetensorsReader reader;
    try {
      reader = SafetensorsReader.open(folder.source(file), folder.uri() + "/" + file);
    } catch (FileNotFoundException e) {
      throw inventory.failure("no " + file);
    }
    Map<String, Place> places = new HashMap<>();
    sources.add(new Source(reader, places));
    for (TensorEntry entry : reader.entries()) {
      String name = names.apply(entry.name());
      if (inventory.wants(name)) {
        NumberFormat format = inventory.found(name, entry);
        places.put(entry.name(), new Place(layout.slots().get(name).offset(), format));
      } else if (!ignorable.test(name)) {
        throw inventory.failure("unknown weight " + entry.name());
      }
    }
    return reader.entries();
  }

  /** Refuses what is not complete; the optional parameters may be missing, but not some of them. */
  void requireComplete(Predicate<String> optional) throws IOException {
    inventory.requireComplete("weight ", optional);
  }

  /** Reads all files into {@code memory}, once. */
  void read(FlatMemory memory) throws IOException {
    for (Source source : sources) {
      Map<String, SafetensorsReader.Sink> sinks = new HashMap<>();
      source.places.forEach(
          (name, place) ->
              sinks.put(
                  name,
                  (offset, bytes) -> memory.store(place.offset + offset, place.format, bytes)));
      // Closed at once: a stream that verifies what it read has the last word then.
      try (SafetensorsReader file = source.file) {
        file.read(sinks);
      }
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Source source : sources) {
      try {
        source.file.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
