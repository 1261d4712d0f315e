/** Without it speed would be an opinion: puts load on a server over HTTP, and tells what came of it. */
@NullMarked
package io.hermes.loadgen;

import org.jspecify.annotations.NullMarked;
