import type { Failure } from '../../../base/failure';

const otherProtocol = 'socketio';

/** Texts with which an Engine.IO server refuses a request that is not its own (`Server.errorMessages` of engine.io). */
const refusals =
	/(?:"message":"|\n)(?:Transport unknown|Session ID unknown|Bad request|Unsupported protocol version)"?\}?$/;

/** Names the Socket.IO server that has refused a WebSocket; returns every other failure as it is. */
export function withSocketIoServer(failure: Failure): Failure {
	if (failure.code !== 'upgrade-refused' || !refusals.test(failure.evidence ?? '')) return failure;
	return {
		...{ ...failure, code: 'not-websocket', otherProtocol, final: true },
		message: 'This is a Socket.IO server, which refused a plain WebSocket.',
		remedy: { text: 'Connect with the protocol Socket.IO.' },
	};
}

/** Whether a server's first message opens a session of Engine.IO, the transport of Socket.IO. */
export const opensSocketIo = (payload: Buffer): boolean =>
	/^0\{"sid":"[^"]*",.*"pingInterval":/s.test(payload.toString('latin1', 0, 200));

export const socketIoNote =
	'The server speaks Socket.IO: this message opens a session. To see its events by name, connect with the protocol Socket.IO.';
