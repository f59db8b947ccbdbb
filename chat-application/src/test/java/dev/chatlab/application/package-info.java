@NullMarked
package dev.chatlab.application;

import org.jspecify.annotations.NullMarked;
