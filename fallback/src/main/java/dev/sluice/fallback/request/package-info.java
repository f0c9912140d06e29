/**
 * What stored copies and queued writes both need to know of a request: which headers are somebody's
 * credentials, and digests that stand for its parts. Pure.
 */
@NullMarked
package dev.sluice.fallback.request;

import org.jspecify.annotations.NullMarked;
