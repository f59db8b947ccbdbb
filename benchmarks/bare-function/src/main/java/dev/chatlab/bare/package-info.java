@NullMarked
package dev.chatlab.bare;

import org.jspecify.annotations.NullMarked;
