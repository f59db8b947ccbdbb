@NullMarked
package dev.chatlab.testkit.contract;

import org.jspecify.annotations.NullMarked;
