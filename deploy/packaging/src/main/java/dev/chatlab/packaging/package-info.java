/**
 * What the build does to a package so that functions start sooner. A JVM that starts spends most of its time on classes: on reading
 * and verifying them, and on making one for each lambda expression that it comes to.
 */
@NullMarked
package dev.chatlab.packaging;

import org.jspecify.annotations.NullMarked;
