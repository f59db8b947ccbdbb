@NullMarked
package dev.chatlab.sam;

import org.jspecify.annotations.NullMarked;
