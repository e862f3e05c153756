package org.plumbline.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;

/**
 * Elements {@code from} to {@code to} of a flat array: the part that one rank keeps the optimizer's
 * state of (ZeRO stage 1, Rajbhandari et al. 2020, arXiv:1910.02054).
 */
public record Slice(long from, long to) {
  /** The part of rank {@code rank} of {@code world}, of an array of {@code size} elements. */
  public static Slice of(long size, int rank, int world) {
    return new Slice(size * rank / world, size * (rank + 1) / world);
  }

  /** Elements in it. */
  public long size() {
    return to - from;
  }

  /** What this and {@code other} have in common, of size 0 if that is nothing. */
  Slice and(Slice other) {
    long begin = Math.max(from, other.from);
    return new Slice(begin, Math.max(begin, Math.min(to, other.to)));
  }

  /** This part of {@code flat}, in {@code scope}; both see what is written to either. */
  public NDArray of(NDArray flat, NDManager scope) {
    return flat.get(scope, new NDIndex(from + ":" + to));
  }

  /** {@code count} elements of it from its element {@code begin} on, or as many as there are. */
  public Slice part(long begin, long count) {
    long first = Math.min(from + begin, to);
    return new Slice(first, Math.min(first + count, to));
  }
}
