package org.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file gives the same bytes however it is opened. */
class ByteSourceTest {
  @TempDir Path folder;

  private static List<ByteSource> sources(Path file, long piece) throws IOException {
    return List.of(
        new StreamedFile(Files.newInputStream(file), Files.size(file), "stream"),
        new MappedFile(file, piece));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void bothGiveTheSameBytes() throws Exception {
    byte[] content = new byte[1000];
    new Random(1).nextBytes(content);
    Path file = Files.write(folder.resolve("file"), content);
    List<List<byte[]>> read = new ArrayList<>();
    for (ByteSource source : sources(file, 64)) {
      try (source) {
        assertThat(source.length()).isEqualTo(1000);
        List<byte[]> parts = new ArrayList<>();
        // within a piece, across its end, more than a piece
        for (int count : new int[] {8, 50, 50, 0, 200, 1}) {
          parts.add(bytes(source.next(count)));
        }
        source.skip(3);
        source.skip(300);
        parts.add(bytes(source.next(388)));
        read.add(parts);
      }
    }
    assertThat(read.get(0)).usingRecursiveComparison().isEqualTo(read.get(1));
    byte[] last = read.get(0).get(6);
    assertThat(content).endsWith(last);
  }

  @Test
  void bothEndWithTheFile() throws Exception {
    Path file = Files.write(folder.resolve("file"), new byte[10]);
    for (ByteSource source : sources(file, 64)) {
      source.skip(4);
      assertThatThrownBy(() -> source.next(9))
          .isInstanceOf(EOFException.class)
          .hasMessageEndingWith("it ends 3 bytes early");
      source.close();
    }
    for (ByteSource source : sources(file, 64)) {
      source.next(4);
      assertThatThrownBy(() -> source.skip(7)).isInstanceOf(EOFException.class);
      source.close();
    }
  }

  /** Two tensors of 5 GB that are not there but for their lengths, and one of 8 bytes. */
  @Test
  void placesBeyondWhatAnIntCounts() throws Exception {
    String tensor = "\"%s\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[%d,%d]}";
    long big = 5_000_000_000L;
    String header =
        "{%s,%s,%s}"
            .formatted(
                tensor.formatted("a", "F32", big / 4, 0, big),
                tensor.formatted("b", "BF16", big / 2, big, 2 * big),
                tensor.formatted("c", "F32", 2, 2 * big, 2 * big + 8));
    Path file = folder.resolve("sparse");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] json = header.getBytes(StandardCharsets.UTF_8);
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      out.write(length.putLong(json.length).array());
      out.write(json);
      out.seek(8 + json.length + 2 * big);
      out.write(new byte[] {0, 0, 0x20, 0x41, 0, 0, 0x30, 0x41});
    }
    for (ByteSource source : sources(file, 1 << 28)) {
      float[] c = new float[2];
      try (SafetensorsReader reader = SafetensorsReader.open(source, "sparse")) {
        reader.read(Map.of("c", (offset, bytes) -> NumberFormat.F32.decode(bytes, c, 2)));
      }
      assertThat(c).containsExactly(10, 11);
    }
    // Mapped pages that nobody looks at cost nothing, so all of it can be passed on.
    long[] next = new long[1];
    try (SafetensorsReader reader = SafetensorsReader.open(new MappedFile(file), "sparse")) {
      reader.read(
          Map.of(
              "b",
              (offset, bytes) -> {
                assertThat(offset).isEqualTo(next[0]);
                next[0] += bytes.remaining() / 2;
              }));
    }
    assertThat(next[0]).isEqualTo(big / 2);
  }

  @Test
  void aLocalFolderIsMappedUnlessSomethingVerifiesIt() throws Exception {
    ModelFolder model = new ModelFolder(folder.toUri().toString(), new Configuration());
    Files.writeString(folder.resolve("a"), "abc");
    try (ByteSource source = model.source("a")) {
      assertThat(source).isInstanceOf(MappedFile.class);
      assertThat(bytes(source.next(3))).containsExactly('a', 'b', 'c');
    }
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(model.uri(), "b");
    try (var out = path.getFileSystem(new Configuration()).create(path)) {
      out.writeBytes("abc");
    }
    try (ByteSource source = model.source("b")) {
      assertThat(source).isInstanceOf(StreamedFile.class);
      assertThat(bytes(source.next(3))).containsExactly('a', 'b', 'c');
    }
    Files.writeString(folder.resolve("b"), "abd");
    try (ByteSource source = model.source("b")) {
      assertThatThrownBy(() -> source.next(3)).hasMessageContaining("Checksum error");
    }
  }
}
