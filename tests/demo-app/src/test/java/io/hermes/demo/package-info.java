/** Without these tests a fault of a sample service would be taken for one of Hermes. */
@NullMarked
package io.hermes.demo;

import org.jspecify.annotations.NullMarked;
