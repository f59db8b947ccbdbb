@NullMarked
package dev.samlocal;

import org.jspecify.annotations.NullMarked;
