package dev.sluice.probes.verdict;

/**
 * What a backend says of one failing component of itself.
 *
 * @param component its name in the health body; empty where the body names none
 * @param text the error in the backend's words
 * @param ofDependency the component is something that the backend depends on by its route file
 */
public record Complaint(String component, String text, boolean ofDependency) {
  @Override
  public String toString() {
    return component.isEmpty() ? text : component + ": " + text;
  }
}
