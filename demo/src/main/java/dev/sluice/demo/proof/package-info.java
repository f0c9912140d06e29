/**
 * The proof of availability: users read and write through a schedule of outages, every answer is
 * held against what may be true, and in the end the database against what was acknowledged.
 */
@NullMarked
package dev.sluice.demo.proof;

import org.jspecify.annotations.NullMarked;
