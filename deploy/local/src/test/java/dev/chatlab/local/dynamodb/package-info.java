@NullMarked
package dev.chatlab.local.dynamodb;

import org.jspecify.annotations.NullMarked;
