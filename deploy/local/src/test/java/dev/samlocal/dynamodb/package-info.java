@NullMarked
package dev.samlocal.dynamodb;

import org.jspecify.annotations.NullMarked;
