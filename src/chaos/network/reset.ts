import type { Socket } from "node:net";

/**
 * Breaks a connection, so that its other end is told of it by a reset.
 *
 * Node loses track of a socket that is reset while it is being ended, and then never ends itself (seen with
 * 20.20): such a socket is over in a moment anyway.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
