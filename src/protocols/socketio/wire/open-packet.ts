import { isRecord } from '../../../base/check';
import { FailureError } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';

/** What the server says when it opens a session. Times in milliseconds. */
export interface OpenPacket {
	sid: string;
	upgrades: readonly string[];
	pingInterval: number;
	pingTimeout: number;
	/** Bytes of the largest packet that it accepts; undefined: not said. */
	maxPayload?: number;
}

/** The first message of the server opens no session. */
export function notEngine(bytes: Buffer): FailureError {
	return new FailureError({
		code: 'not-socketio',
		message: 'This is not a Socket.IO server: its first message opens no session.',
		evidence: `it begins with ${peerText(bytes.toString('utf8', 0, 100))}`,
		remedy: { text: 'Check the path of the connection, or connect with the protocol WebSocket.' },
		otherProtocol: 'websocket',
		final: true,
	});
}

/** Bounds of the times that a server may announce, in milliseconds. */
const minTime = 10;
const maxTime = 3_600_000;
const time = (value: unknown) =>
	typeof value === 'number' && value > 0 ? Math.min(maxTime, Math.max(minTime, value)) : undefined;

/** Reads the packet that opens a session, behind its type. Throws `not-socketio`. */
export function readOpen(bytes: Buffer): OpenPacket {
	let value: unknown;
	try {
		value = JSON.parse(bytes.toString('utf8', 1));
	} catch {
		throw notEngine(bytes);
	}
	const pingInterval = isRecord(value) ? time(value.pingInterval) : undefined;
	const pingTimeout = isRecord(value) ? time(value.pingTimeout) : undefined;
	if (!isRecord(value) || typeof value.sid !== 'string' || value.sid === '' || !pingInterval || !pingTimeout)
		throw notEngine(bytes);
	const { sid, upgrades, maxPayload } = value;
	return {
		...{ sid, pingInterval, pingTimeout },
		upgrades: Array.isArray(upgrades) ? upgrades.filter((one): one is string => typeof one === 'string') : [],
		...(typeof maxPayload === 'number' && maxPayload > 0 && { maxPayload }),
	};
}
