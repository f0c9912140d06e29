@NullMarked
package dev.sluice.probes.history;

import org.jspecify.annotations.NullMarked;
