@NullMarked
package dev.chatlab.protocol;

import org.jspecify.annotations.NullMarked;
