/** The whole chat, as its users meet it. */
@NullMarked
package dev.chatlab.endtoend;

import org.jspecify.annotations.NullMarked;
