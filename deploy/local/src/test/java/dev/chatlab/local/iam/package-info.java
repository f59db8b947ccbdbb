@NullMarked
package dev.chatlab.local.iam;

import org.jspecify.annotations.NullMarked;
