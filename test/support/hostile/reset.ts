import type { Socket } from 'node:net';

/** Sends a TCP reset and nothing before it: `resetAndDestroy` of Node ends the stream first, so a peer may see its end. */
export function reset(socket: Socket | undefined): void {
	if (socket) Object.assign(socket, { resetAndClosing: true }).destroy();
}
