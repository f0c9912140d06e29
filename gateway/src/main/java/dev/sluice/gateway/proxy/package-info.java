/**
 * The data path on raw Netty. One exchange lives on one event loop, client and upstream channel
 * alike; bodies pass through without a copy; nothing here blocks, locks or knows Reactor. What is
 * to be done with a request is decided in {@code gateway.route} and carried out here.
 */
@NullMarked
package dev.sluice.gateway.proxy;

import org.jspecify.annotations.NullMarked;
