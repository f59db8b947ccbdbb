@NullMarked
package dev.chatlab.inmemory;

import org.jspecify.annotations.NullMarked;
