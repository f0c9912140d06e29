/** Tests of stored copies: who may have them, how old they are and how much room they take. */
package dev.sluice.fallback.cache;
