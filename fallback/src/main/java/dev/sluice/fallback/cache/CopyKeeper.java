package dev.sluice.fallback.cache;

/** Told of what a {@link CopyStore} keeps and drops; must not block, and loses nothing but time. */
public interface CopyKeeper {
  /** Keeps nothing. */
  CopyKeeper NONE =
      new CopyKeeper() {
        @Override
        public void kept(CopyKey key, String tag, StoredCopy copy) {}

        @Override
        public void dropped(CopyKey key) {}

        @Override
        public void dropped(String host, String target) {}
      };

  /**
   * A copy has been stored.
   *
   * @param tag tells it from others under the same key
   */
  void kept(CopyKey key, String tag, StoredCopy copy);

  /** All copies under the key are void; those evicted for want of room are not told. */
  void dropped(CopyKey key);

  /** All copies of the target are void, on all routes and of all principals. */
  void dropped(String host, String target);
}
