/** The gateway's own calls to others: webhooks, receivers of alerts, metadata servers. */
@NullMarked
package dev.sluice.gateway.outbound;

import org.jspecify.annotations.NullMarked;
