import { type Failure, fail } from '../../../base/failure';
import { unanswered } from '../../shared/failures';
import { peerText } from '../../shared/peer-text';
import type { Reader } from './bytes';
import { broken, method, methodName } from './frames';
import { member, readTable, textOf } from './table';

/** The server's introduction (connection.start). */
export interface Server {
	product: string;
	version: string;
	cluster?: string;
	/** SASL mechanisms that it offers. */
	mechanisms: string[];
}

/** The limits that both sides agreed on (connection.tune-ok). */
export interface Limits {
	channelMax: number;
	/** Maximum bytes of a whole frame. */
	frameMax: number;
	/** Seconds; 0 for none. */
	heartbeat: number;
}

export type Stage = 'start' | 'login' | 'open';

/**
 * Checks the server's part of the handshake (AMQP 0-9-1, section 2.2.4) before the library reads it, since the library
 * reports every deviation as "Expected X; got Y". Throws a FailureError that names the reason.
 */
export function createHandshake(mechanism: string, vhost: string, greeted: (product: string) => void) {
	let stage: Stage = 'start';
	let server: Server | undefined;

	function start(reader: Reader): void {
		const major = reader.uint8();
		const minor = reader.uint8();
		if (major !== 0 || minor !== 9)
			throw fail('not-amqp', `This server speaks AMQP ${major}-${minor}, not AMQP 0-9-1.`, { final: true });
		const properties = readTable(reader);
		const mechanisms = peerText(reader.long(), { most: 500 }).split(' ');
		const text = (name: string) => peerText(textOf(member(properties, name)) ?? '', { most: 100 });
		const [product, version] = [text('product') || 'unknown server', text('version')];
		server = { product, version, cluster: text('cluster_name') || undefined, mechanisms };
		greeted(`${product} ${version}`.trim());
		if (!mechanisms.includes(mechanism))
			throw fail('mechanism-not-offered', `The server does not offer the login mechanism ${mechanism}.`, {
				evidence: `offered: ${mechanisms.join(', ')}`,
				remedy: { text: 'Choose another mechanism in the connection, or enable it on the server.' },
				final: true,
			});
		stage = 'login';
	}

	return {
		get stage() {
			return stage;
		},
		/** A method of the server. Returns its introduction when the connection is open. */
		method(id: number, reader: Reader): Server | undefined {
			if (id === method.connectionStart && stage === 'start') start(reader);
			else if (id === method.connectionTune && stage === 'login') stage = 'open';
			else if (id === method.connectionOpenOk && stage === 'open') return server;
			else if (id === method.connectionSecure && stage === 'login')
				throw fail(
					'mechanism-not-supported',
					'The server requires another step of the login, which this mechanism does not have.',
					{ final: true },
				);
			else throw broken('The server does not keep to the order of the handshake (AMQP 0-9-1, 2.2.4).', methodName(id));
			return undefined;
		},
		/** The failure when the server closes the TCP connection during the handshake. */
		dropped(): Failure {
			if (stage === 'start') return unanswered('amqps', 'amqp');
			if (stage === 'login')
				return {
					code: 'login-dropped',
					message: 'The server closed the connection during the login, as some do with a wrong user name or password.',
					remedy: { text: 'Check user name and password of the connection.' },
				};
			return {
				code: 'closed-by-server',
				message: `The server closed the connection while opening the virtual host "${peerText(vhost, { most: 100 })}".`,
			};
		},
	};
}
