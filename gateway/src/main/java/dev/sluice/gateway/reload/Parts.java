package dev.sluice.gateway.reload;

import dev.sluice.config.Place;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares records of the configuration by what they say, wherever in a file it is said. */
final class Parts {
  private Parts() {}

  /** True when nothing but the place differs. */
  static boolean same(Record one, Record other) {
    return differing(one, other).isEmpty();
  }

  /** The components that differ, named as route files name their keys: {@code max-body}. */
  static List<String> differing(Record one, Record other) {
    List<String> names = new ArrayList<>();
    for (RecordComponent part : one.getClass().getRecordComponents()) {
      boolean placed = part.getType() == Place.class;
      if (!placed && !Objects.equals(value(part, one), value(part, other))) {
        names.add(key(part.getName()));
      }
    }
    return names;
  }

  private static @Nullable Object value(RecordComponent part, Record of) {
    try {
      return part.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(part + " of the configuration cannot be read", e);
    }
  }

  private static String key(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
