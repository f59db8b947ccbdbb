/** A SAM or CloudFormation template, read as far as a WebSocket API needs it: text, intrinsics, model. */
@NullMarked
package dev.chatlab.local.template;

import org.jspecify.annotations.NullMarked;
