/** Tests of dev.sluice.probes.breaker. */
package dev.sluice.probes.breaker;
