@NullMarked
package dev.samlocal.template;

import org.jspecify.annotations.NullMarked;
