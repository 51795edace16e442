import { type FailureError, fail } from '../../../base/failure';

/** Servers of other protocols, by how their first words start. */
const others: readonly [start: string, message: string, remedy: string][] = [
	[
		'AMQP\x03',
		'This server speaks AMQP 1.0 with a login layer, not AMQP 0-9-1.',
		'Use a server or port for AMQP 0-9-1.',
	],
	['AMQP\x00\x01', 'This server speaks AMQP 1.0, not AMQP 0-9-1.', 'Use a server or port for AMQP 0-9-1.'],
	['AMQP', 'This server does not speak AMQP 0-9-1, but another version.', 'Use a server or port for AMQP 0-9-1.'],
	['HTTP/', 'This is a web server (HTTP), not an AMQP server.', 'Use the port for AMQP, usually 5672.'],
	['\x15\x03', 'This port speaks TLS.', 'Use amqps://.'],
	['SSH-', 'This is an SSH server, not an AMQP server.', 'Check the port in the URL.'],
	['220 ', 'This is a mail or file server, not an AMQP server.', 'Check the port in the URL.'],
	['INFO {', 'This is a NATS server, not an AMQP server.', 'Check the port in the URL.'],
	['-ERR', 'This is not an AMQP server (perhaps Redis).', 'Check the port in the URL.'],
];

/** Bytes that tell any of them. */
export const longestGreeting = 8;

/** Names the server that answered instead of an AMQP 0-9-1 server. */
export function whatElse(bytes: Buffer): FailureError | undefined {
	const text = bytes.toString('latin1', 0, longestGreeting);
	// A version can be told from the whole header only.
	if (text.startsWith('AMQP') && text.length < longestGreeting) return undefined;
	const other = others.find(([first]) => text.startsWith(first));
	if (!other) return undefined;
	const evidence = `first bytes ${bytes.subarray(0, 16).toString('hex')}`;
	return fail('not-amqp', other[1], { evidence, remedy: { text: other[2] }, final: true });
}
