package dev.sluice.gateway.cli;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = SluiceCommand.class.getPackage().getImplementationVersion();
    return new String[] {"sluice " + (version == null ? "from source" : version)};
  }
}
