package dev.sluice.config;

/** Whether a route's decisions are carried out, or only counted while everything is forwarded. */
public enum Enforcement {
  OBSERVE,
  ENFORCE
}
