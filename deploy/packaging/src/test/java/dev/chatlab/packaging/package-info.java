@NullMarked
package dev.chatlab.packaging;

import org.jspecify.annotations.NullMarked;
