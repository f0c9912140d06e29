/**
 * What was seen and what it means. Samples and climbs are facts; the classifier turns them into a
 * verdict by a table of rules, the first of which that matches wins. Everything here is pure.
 */
@NullMarked
package dev.sluice.probes.verdict;

import org.jspecify.annotations.NullMarked;
