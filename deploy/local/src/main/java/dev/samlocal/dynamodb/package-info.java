/** DynamoDB for functions: DynamoDB Local, its permission checks, and the template's tables. */
@NullMarked
package dev.samlocal.dynamodb;

import org.jspecify.annotations.NullMarked;
