/**
 * HTTP/2 (RFC 9113): the frames of one stream to the messages of HTTP/1.1 and back, so that what
 * holds of a request holds over either. Heads are read by the rules of HTTP/1.1, from what they say
 * in it: what could not be said there does not pass.
 */
@NullMarked
package dev.sluice.gateway.proxy.http2;

import org.jspecify.annotations.NullMarked;
