/** Tests of dev.sluice.probes.mode. */
package dev.sluice.probes.mode;
