import { type Failure, fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import { type Reader, Writer } from './bytes';
import { broken } from './framer';
import { frame, frameType } from './frames';
import { longestHeartbeat } from './liveness';
import { method } from './methods';
import { member, readTable, type Table, textOf, textValue, writeTable } from './table';

export interface HandshakeOptions {
	/** SASL mechanism and its answer. */
	mechanism: 'PLAIN' | 'EXTERNAL';
	user: string;
	password: string;
	vhost: string;
	/** Asked for, in seconds; 0: none. */
	heartbeat: number;
	/** Shown by the server beside the connection. */
	connectionName: string;
	/** The server is one, and says who it is: now comes the login. */
	greeted(product: string): void;
	write(bytes: Uint8Array): void;
}

/** What was found and agreed. */
export interface Opened {
	product: string;
	version: string;
	cluster?: string;
	mechanisms: string[];
	/** In seconds. */
	heartbeat: number;
	/** Of a whole frame, in bytes. */
	frameMax: number;
	channelMax: number;
}

/** A server must not ask for less than 4,096 (section 4.2.3); RabbitMQ 4.1 and later wants at least 8,192. */
const frameMax = 131_072;
const channelMax = 2047;

export type Stage = 'start' | 'login' | 'open';

const yes = (name: string): Table[number] => [name, { type: 't', value: true }];
const capabilities: Table = [
	...['publisher_confirms', 'basic.nack', 'consumer_cancel_notify', 'connection.blocked'],
	'authentication_failure_close',
].map(yes);

/** The client's part of opening a connection (AMQP 0-9-1, section 2.2.4), one method of the server at a time. */
export function createHandshake(options: HandshakeOptions) {
	let stage: Stage = 'start';
	let found: Omit<Opened, 'heartbeat' | 'frameMax' | 'channelMax'> | undefined;
	let agreed: Pick<Opened, 'heartbeat' | 'frameMax' | 'channelMax'> | undefined;
	const write = (writer: Writer) => options.write(frame(frameType.method, 0, writer.done()));

	function start(reader: Reader): void {
		const major = reader.uint8();
		const minor = reader.uint8();
		if (major !== 0 || minor !== 9)
			throw fail('not-amqp', `This server speaks AMQP ${major}-${minor}, not AMQP 0-9-1.`, { final: true });
		const properties = readTable(reader);
		const mechanisms = peerText(reader.long(), { most: 500 }).split(' ');
		const text = (name: string) => peerText(textOf(member(properties, name)) ?? '', { most: 100 });
		found = {
			product: text('product') || 'unknown server',
			version: text('version'),
			cluster: text('cluster_name') || undefined,
			mechanisms,
		};
		options.greeted(`${found.product} ${found.version}`.trim());
		if (!mechanisms.includes(options.mechanism))
			throw fail('mechanism-not-offered', `The server does not offer the login mechanism ${options.mechanism}.`, {
				evidence: `offered: ${mechanisms.join(', ')}`,
				remedy: { text: 'Choose another mechanism in the connection, or enable it at the server.' },
				final: true,
			});
		stage = 'login';
		const answer = options.mechanism === 'PLAIN' ? `\0${options.user}\0${options.password}` : '';
		const writer = new Writer().uint32(method.connectionStartOk);
		writeTable(writer, [
			['product', textValue('Messaging Workbench')],
			['platform', textValue('Node.js')],
			['connection_name', textValue(options.connectionName)],
			['capabilities', { type: 'F', value: capabilities }],
		]);
		write(writer.short(options.mechanism).long(answer).short('en_US'));
	}

	function tune(reader: Reader): void {
		const theirs = { channelMax: reader.uint16(), frameMax: reader.uint32(), heartbeat: reader.uint16() };
		if (theirs.frameMax !== 0 && theirs.frameMax < 4096)
			throw broken(
				'The server allows only frames that are shorter than AMQP permits (0-9-1, 4.2.3).',
				`frame_max ${theirs.frameMax}`,
			);
		const least = (one: number, other: number) =>
			one === 0 || other === 0 ? Math.max(one, other) : Math.min(one, other);
		agreed = {
			channelMax: least(theirs.channelMax, channelMax),
			frameMax: least(theirs.frameMax, frameMax),
			heartbeat: options.heartbeat === 0 ? 0 : least(theirs.heartbeat, Math.min(options.heartbeat, longestHeartbeat)),
		};
		write(
			new Writer()
				.uint32(method.connectionTuneOk)
				.uint16(agreed.channelMax)
				.uint32(agreed.frameMax)
				.uint16(agreed.heartbeat),
		);
		write(new Writer().uint32(method.connectionOpen).short(options.vhost).short('').uint8(0));
		stage = 'open';
	}

	return {
		frameMax,
		get stage() {
			return stage;
		},
		/** Undefined until it is done. Throws what is wrong. */
		method(id: number, reader: Reader): Opened | undefined {
			if (id === method.connectionStart && stage === 'start') start(reader);
			else if (id === method.connectionTune && stage === 'login') tune(reader);
			else if (id === method.connectionOpenOk && stage === 'open' && found && agreed) return { ...found, ...agreed };
			else if (id === method.connectionSecure && stage === 'login')
				throw fail(
					'mechanism-not-supported',
					'The server asks for another step of the login, which this mechanism does not have.',
					{ final: true },
				);
			else
				throw broken(
					'The server does not keep to the order of the handshake (AMQP 0-9-1, 2.2.4).',
					`class ${id >>> 16}, method ${id & 0xffff}`,
				);
			return undefined;
		},
		/** The server closed the connection without a word. */
		dropped(): Failure {
			if (stage === 'start')
				return {
					code: 'closed-by-server',
					message: 'The server closed the connection before it had said anything.',
					remedy: { text: 'Check the port, and whether the URL must start with amqps:// or amqp://.' },
				};
			if (stage === 'login')
				return {
					code: 'login-dropped',
					message: 'The server closed the connection during the login, as some do with a wrong user name or password.',
					remedy: { text: 'Check user name and password of the connection.' },
				};
			return {
				code: 'closed-by-server',
				message: `The server closed the connection while opening the virtual host "${peerText(options.vhost, { most: 100 })}".`,
			};
		},
	};
}
