/**
 * A sample backend as one would write it: orders over HTTP, kept in PostgreSQL by its own
 * connection pool, with a health path that tells the truth about the database. A supervisor
 * restarts it as a platform would.
 */
@NullMarked
package dev.sluice.demo.backend;

import org.jspecify.annotations.NullMarked;
