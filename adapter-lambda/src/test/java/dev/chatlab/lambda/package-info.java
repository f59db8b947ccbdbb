@NullMarked
package dev.chatlab.lambda;

import org.jspecify.annotations.NullMarked;
