@NullMarked
package dev.chatlab.testkit.application;

import org.jspecify.annotations.NullMarked;
