package dev.sluice.gateway.proxy;

import dev.sluice.gateway.proxy.upstream.LoopPools;

/**
 * What one event loop of the data path has of its own; used on that loop alone.
 *
 * @param pools the connections to backends
 * @param waits the requests that wait for their answer
 * @param flushes where what is written is sent from
 */
record LoopParts(LoopPools pools, LongWaits waits, FlushBatch flushes) {}
