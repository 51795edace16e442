import { type Failure, type FailureError, fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';

/** Errors of an Engine.IO server for a request, by their code (`Server.errors` of engine.io). */
const errors: Record<string, Pick<Failure, 'code' | 'message' | 'remedy'>> = {
	0: {
		code: 'transport-refused',
		message: 'The Socket.IO server does not offer this transport.',
		remedy: { text: 'Choose another transport for the connection.' },
	},
	1: {
		code: 'session-unknown',
		message: 'The server does not know the session that it has just opened.',
		remedy: {
			text: 'Behind a load balancer, all requests of polling must reach the same server (sticky sessions). The transport WebSocket does not need that.',
		},
	},
	2: { code: 'upgrade-refused', message: 'The Socket.IO server refused the method of the request.' },
	3: { code: 'upgrade-refused', message: 'The Socket.IO server refused the request.' },
	4: {
		code: 'credentials-refused',
		message: 'The Socket.IO server does not allow this client to connect.',
		remedy: { text: 'Check the headers, the query and the origin of the connection.' },
	},
	5: {
		code: 'version-refused',
		message: 'The server does not support this version of the protocol.',
		remedy: { text: 'Choose another server version for the connection.' },
	},
};

/** Their texts, which are the whole body of a refused upgrade. */
const words = [
	'Transport unknown',
	'Session ID unknown',
	'Bad handshake method',
	'Bad request',
	'Forbidden',
	'Unsupported protocol version',
];

export const olderVersion = (): FailureError =>
	fail('version-refused', 'The server speaks version 2 of Socket.IO, and the connection is set to version 3 or 4.', {
		remedy: { text: 'Set the server version of the connection to "Find out" or "2".' },
		final: true,
	});

const pathRemedy = 'Check the path of the connection, usually /socket.io/';

/** Completes the failure of a refused request by the error that an Engine.IO server wrote into its body. */
export function explained(failure: Failure): Failure {
	const evidence = failure.evidence ?? '';
	const [, code = words.findIndex((text) => evidence.endsWith(`\n${text}`))] =
		/\{"code":(\d),"message":"/.exec(evidence) ?? [];
	const known = errors[code];
	if (known) return { ...failure, ...known, final: known.code !== 'session-unknown' };
	// Engine.IO closes the connection of an upgrade for another path.
	if (failure.code === 'handshake-dropped')
		return { ...failure, remedy: { text: `${pathRemedy}, its port, and whether the URL must start with https://.` } };
	if (failure.code !== 'upgrade-refused')
		return { ...failure, message: failure.message.replace('not a WebSocket server', 'not a Socket.IO server') };
	const [, status] = /^HTTP (\d+)/.exec(evidence) ?? [];
	if (status === '404')
		return {
			...{ ...failure, code: 'not-socketio' },
			message: 'The server has no Socket.IO at this path: HTTP status 404 (Not Found).',
			remedy: { text: `${pathRemedy}.` },
		};
	if (status === '426')
		return {
			...{ ...failure, code: 'not-socketio', otherProtocol: 'websocket' },
			message: 'The server accepts only WebSockets at this path: HTTP status 426 (Upgrade Required).',
			remedy: { text: `${pathRemedy}, or connect with the protocol WebSocket.` },
		};
	return { ...failure, message: failure.message.replace(' the WebSocket handshake', '') };
}

/** `answer`: the HTTP answer that the server wrote into the open WebSocket. */
export const refusedAfterOpening = (answer: string): Failure =>
	explained({
		...{ code: 'upgrade-refused', final: true },
		message: 'The server opened the WebSocket and refused the request then.',
		evidence: peerText(answer.replaceAll('\r\n', '\n'), { most: 1000, lines: true }),
	});

/** The failure of a request that got no answer, from that of a WebSocket handshake. `isOpen`: the session was open. */
export function unanswered(failure: Failure, isOpen: boolean): Failure {
	const { remedy, ...rest } = explained(failure);
	const message = rest.message
		.replace('during the WebSocket handshake', 'before it answered a request')
		.replace('The WebSocket handshake failed.', 'The request failed.');
	return { ...rest, message, ...(remedy && !isOpen && { remedy }) };
}
