/**
 * What a running gateway adds to a validation, and the reports of one: text, JSON, JUnit's XML and
 * a page.
 */
@NullMarked
package dev.sluice.gateway.validate;

import org.jspecify.annotations.NullMarked;
