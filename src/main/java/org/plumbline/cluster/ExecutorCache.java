package org.plumbline.cluster;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * What an executor keeps between tasks, such as loaded models: one per JVM, shared by its tasks.
 *
 * <p>Things are kept in groups. Of each group only the few keys leased last are kept; the others
 * are closed as soon as no task holds them. A key is loaded by the first task that asks for it,
 * while others wait for the same one.
 */
public final class ExecutorCache {
  private static final int KEEP = 2;
  private static final Map<String, Group> GROUPS = new HashMap<>();
  private static final Group NONE = new Group();

  private ExecutorCache() {}

  /** Like {@link #lease(String, String, int, Callable)}, keeping two keys of the group. */
  public static <T extends AutoCloseable> Lease<T> lease(
      String group, String key, Callable<T> loader) throws Exception {
    return lease(group, key, KEEP, loader);
  }

  /**
   * The thing called {@code key}, loaded if it is not there. It stays open at least until the lease
   * is closed. All callers give the same type for the same group.
   *
   * @param keep how many keys of {@code group} stay after this call, this one among them
   * @throws Exception what the loader threw, to everyone who waited for it; the next lease loads
   *     anew
   */
  public static <T extends AutoCloseable> Lease<T> lease(
      String group, String key, int keep, Callable<T> loader) throws Exception {
    if (keep < 1) {
      throw new IllegalArgumentException(
          "Invalid number of keys to keep of " + group + ": " + keep + " (must be at least 1)");
    }
    CachedThing thing;
    synchronized (GROUPS) {
      Group entries = GROUPS.computeIfAbsent(group, name -> new Group());
      thing = entries.computeIfAbsent(key, name -> new CachedThing(group + "/" + name, loader));
      thing.retain();
      entries.dropAllBut(keep); // before loading, so that memory never holds one more
    }
    return open(group, key, thing);
  }

  private static <T extends AutoCloseable> Lease<T> open(
      String group, String key, CachedThing thing) throws Exception {
    try {
      @SuppressWarnings("unchecked") // the loader of this group made it
      T value = (T) thing.load();
      return new Lease<>(value, thing::release);
    } catch (Exception | Error e) {
      if (thing
          .hasFinishedLoading()) { // and so the load failed; or else only this thread's wait broke
        // off
        forget(group, key, thing);
      }
      thing.release();
      throw e;
    }
  }

  /** Keeps nothing of {@code group}, but for what tasks hold until they are done. */
  public static void drop(String group) {
    synchronized (GROUPS) {
      GROUPS.getOrDefault(group, NONE).dropAllBut(0);
    }
  }

  /**
   * Lets tasks of this executor have {@code thing}, which is somebody's, until that one {@linkplain
   * #withdraw withdraws} it. No lease of others puts it out, as long as nobody calls {@code lease}
   * for its group.
   *
   * @return whether it is there now; not if another of that key is
   */
  public static boolean lend(String group, String key, AutoCloseable thing) {
    CachedThing lent = new CachedThing(group + "/" + key, () -> thing);
    synchronized (GROUPS) {
      return GROUPS.computeIfAbsent(group, name -> new Group()).putIfAbsent(key, lent) == null;
    }
  }

  /** A lease of what was lent as {@code key}, if it is there. */
  public static <T extends AutoCloseable> Optional<Lease<T>> find(String group, String key)
      throws Exception {
    CachedThing thing;
    synchronized (GROUPS) {
      thing = GROUPS.getOrDefault(group, NONE).get(key);
      if (thing == null) {
        return Optional.empty();
      }
      thing.retain();
    }
    return Optional.of(open(group, key, thing));
  }

  /**
   * Takes back what was lent as {@code key}.
   *
   * @return whether it is the lender's again; if a task still has it, it is closed when the last
   *     one is done
   */
  public static boolean withdraw(String group, String key) {
    synchronized (GROUPS) {
      return GROUPS.get(group).remove(key).withdraw();
    }
  }

  private static void forget(String group, String key, CachedThing thing) {
    synchronized (GROUPS) {
      GROUPS.get(group).remove(key, thing);
      thing.evict();
    }
  }

  /** A group's things, the one leased longest ago first. */
  private static final class Group extends LinkedHashMap<String, CachedThing> {
    private static final long serialVersionUID = 1L;

    Group() {
      super(16, 0.75f, true);
    }

    void dropAllBut(int keep) {
      var eldest = values().iterator();
      while (size() > keep) {
        CachedThing dropped = eldest.next();
        eldest.remove();
        dropped.evict();
      }
    }
  }
}
