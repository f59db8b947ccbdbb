@NullMarked
package dev.chatlab.testkit.protocol;

import org.jspecify.annotations.NullMarked;
