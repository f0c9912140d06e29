/**
 * What the cloud says of its own resources, as evidence beside the ladder. Reads alone: the roles
 * are Compute Network Viewer (or Serverless VPC Access Viewer), Cloud SQL Viewer and Monitoring
 * Viewer.
 */
@NullMarked
package dev.sluice.gateway.platform;

import org.jspecify.annotations.NullMarked;
