@NullMarked
package dev.sluice.probes.map;

import org.jspecify.annotations.NullMarked;
