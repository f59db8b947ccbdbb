@NullMarked
package dev.chatlab.coldstart;

import org.jspecify.annotations.NullMarked;
