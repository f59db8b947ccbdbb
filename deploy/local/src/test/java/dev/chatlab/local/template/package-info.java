@NullMarked
package dev.chatlab.local.template;

import org.jspecify.annotations.NullMarked;
