/** Without these tests nobody would notice that a new version cannot read the log of an old one. */
@NullMarked
package io.hermes.proto;

import org.jspecify.annotations.NullMarked;
