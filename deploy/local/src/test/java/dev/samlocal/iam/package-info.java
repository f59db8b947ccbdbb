@NullMarked
package dev.samlocal.iam;

import org.jspecify.annotations.NullMarked;
