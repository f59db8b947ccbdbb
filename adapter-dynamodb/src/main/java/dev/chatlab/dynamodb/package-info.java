/** The chat store on two DynamoDB tables. */
@NullMarked
package dev.chatlab.dynamodb;

import org.jspecify.annotations.NullMarked;
