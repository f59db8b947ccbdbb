@NullMarked
package dev.chatlab.dynamodb;

import org.jspecify.annotations.NullMarked;
