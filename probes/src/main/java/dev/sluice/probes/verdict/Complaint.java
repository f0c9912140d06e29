package dev.sluice.probes.verdict;

import org.jspecify.annotations.Nullable;

/**
 * What a backend says of one failing component of itself.
 *
 * @param component its name in the health body; empty where the body names none
 * @param text the error in the backend's words
 * @param ofDependency the component is something that the backend depends on by its route file
 * @param detail what it speaks of; null where it is nothing that is understood
 */
public record Complaint(
    String component, String text, boolean ofDependency, @Nullable Detail detail) {
  /** A complaint in words, read by its text. */
  public Complaint(String component, String text, boolean ofDependency) {
    this(component, text, ofDependency, TextPatterns.read(text));
  }

  @Override
  public String toString() {
    return component.isEmpty() ? text : component + ": " + text;
  }
}
