@NullMarked
package dev.sluice.demo.proof;

import org.jspecify.annotations.NullMarked;
