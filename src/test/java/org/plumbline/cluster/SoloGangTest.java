package org.plumbline.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** The gang that {@link Gang#alone} gives, in which there is nobody to wait for or to fail. */
class SoloGangTest extends GangContract {
  @Override
  IntStream worlds() {
    return IntStream.of(1);
  }

  @Override
  Ranks ranks(int world, Duration deadline) {
    return new Alone();
  }

  private static final class Alone implements Ranks {
    @Override
    public <T> Future<T> start(int rank, int attempt, Part<T> part) {
      try (Gang gang = new SoloGang(attempt)) {
        return CompletableFuture.completedFuture(part.run(gang));
      } catch (Exception e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    @Override
    public void joinAsStranger(int rank) throws IOException {
      throw new UnsupportedOperationException("nobody joins one who is alone");
    }

    @Override
    public void kill(Gang gang) {
      throw new UnsupportedOperationException("nobody would notice");
    }

    @Override
    public void close() {}
  }
}
