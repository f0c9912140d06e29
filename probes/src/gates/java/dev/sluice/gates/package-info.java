/**
 * What every test run of {@code probes}, {@code gateway} and {@code demo} must hold: no event loop
 * blocks and no Netty buffer is dropped. The folder is a test source of each of the three modules.
 */
@NullMarked
package dev.sluice.gates;

import org.jspecify.annotations.NullMarked;
