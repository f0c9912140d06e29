/**
 * HTTP/1.1 as it stands on the wire (RFC 9112), read once and strictly: what frames a message has
 * one reading here, and whatever could have two is refused. Messages leave as Netty's HTTP objects;
 * a message that is none leaves as {@link dev.sluice.gateway.proxy.http1.Malformed}, after which
 * nothing more is read.
 */
@NullMarked
package dev.sluice.gateway.proxy.http1;

import org.jspecify.annotations.NullMarked;
