/** DynamoDB for the functions: the engine on a loopback port, and the tables that the template declares. */
@NullMarked
package dev.chatlab.local.dynamodb;

import org.jspecify.annotations.NullMarked;
