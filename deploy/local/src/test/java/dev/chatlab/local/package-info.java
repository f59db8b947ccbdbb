@NullMarked
package dev.chatlab.local;

import org.jspecify.annotations.NullMarked;
