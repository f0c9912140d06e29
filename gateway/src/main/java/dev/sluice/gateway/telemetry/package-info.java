/**
 * What the gateway measures, and how it writes its log. The other packages offer listeners and call
 * plain methods here; no meter library is seen outside.
 */
@NullMarked
package dev.sluice.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
