/** Tests of dev.sluice.probes.monitor. */
package dev.sluice.probes.monitor;
