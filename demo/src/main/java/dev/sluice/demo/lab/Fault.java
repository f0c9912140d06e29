package dev.sluice.demo.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * One way in which things break.
 *
 * @param id as it is typed
 * @param says what is broken, in a line
 * @param site where the gateway stands
 * @param load whether clients send requests meanwhile
 * @param routes changes the route file before anything is broken
 * @param mends what takes it back beside making every way passable again
 * @param truths what a verdict should say, for each subject concerned
 */
record Fault(
    String id,
    String says,
    Site site,
    Load.When load,
    BiFunction<World, String, String> routes,
    Consumer<Cell> breaks,
    Consumer<Cell> mends,
    List<Truth> truths,
    List<Trait> traits) {
  /** Where the gateway stands. */
  enum Site {
    /** Beside the backend, whose network it shares. */
    BESIDE,
    /** Elsewhere: what it sees itself says nothing about the backend's way. */
    APART
  }

  /** What else is to be known. */
  enum Trait {
    /** Nobody is to be blamed, and no breaker may open. */
    HARMLESS,
    /** A breaker must open, and when is measured. */
    OPENS,
    /** Requests go on well meanwhile, so that they tell nothing. */
    UNMET,
    /** Takes long to be seen for what it is. */
    SLOW,
    /** Belongs to the short selection that every build runs. */
    OFTEN
  }

  Fault {
    truths = List.copyOf(truths);
    traits = List.copyOf(traits);
  }

  static Fault of(String id, String says, Consumer<Cell> breaks, Truth... truths) {
    return new Fault(
        id,
        says,
        Site.BESIDE,
        Load.When.ALTERNATING,
        (world, text) -> text,
        breaks,
        cell -> {},
        List.of(truths),
        List.of());
  }

  Fault mended(Consumer<Cell> how) {
    return new Fault(id, says, site, load, routes, breaks, how, truths, traits);
  }

  Fault apart() {
    return new Fault(id, says, Site.APART, load, routes, breaks, mends, truths, traits);
  }

  Fault under(Load.When when) {
    return new Fault(id, says, site, when, routes, breaks, mends, truths, traits);
  }

  /** The same on another route file. */
  Fault on(BiFunction<World, String, String> edit) {
    return new Fault(id, says, site, load, edit, breaks, mends, truths, traits);
  }

  Fault with(Trait trait) {
    List<Trait> more = new ArrayList<>(traits);
    more.add(trait);
    return new Fault(id, says, site, load, routes, breaks, mends, truths, more);
  }

  boolean is(Trait trait) {
    return traits.contains(trait);
  }
}
