/** Without these tests a wrong configuration would be told to people as a stack trace, or not at all. */
@NullMarked
package io.hermes.launcher;

import org.jspecify.annotations.NullMarked;
