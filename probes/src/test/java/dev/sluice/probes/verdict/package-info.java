/** Tests of dev.sluice.probes.verdict. */
package dev.sluice.probes.verdict;
