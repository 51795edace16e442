import { type FailureError, fail } from '../../base/failure';

/** Servers of other protocols, by how their first words start. */
const others: readonly [start: string, message: string, remedy: string][] = [
	['HTTP/', 'This is a web server (HTTP), not an MQTT broker.', 'Use ws:// or wss:// for MQTT over WebSocket.'],
	['\x15\x03', 'This port speaks TLS.', 'Use mqtts:// or wss://.'],
	['AMQP', 'This is an AMQP broker, not an MQTT broker.', "Use the broker's MQTT port."],
	['SSH-', 'This is an SSH server, not an MQTT broker.', 'Check the port in the URL.'],
	['220 ', 'This is a mail or file server, not an MQTT broker.', 'Check the port in the URL.'],
	['INFO {', 'This is a NATS server, not an MQTT broker.', "Use the server's MQTT port."],
	['-ERR', 'This is not an MQTT broker (perhaps Redis).', 'Check the port in the URL.'],
];

/** Bytes that tell any of them. */
export const longestGreeting = 6;

/** Names the server that answered instead of an MQTT broker. */
export function whatElse(bytes: Buffer): FailureError | undefined {
	const text = bytes.toString('latin1', 0, longestGreeting);
	const other = others.find(([first]) => text.startsWith(first));
	if (!other) return undefined;
	const evidence = `first bytes ${bytes.subarray(0, 16).toString('hex')}`;
	return fail('not-mqtt', other[1], { evidence, remedy: { text: other[2] }, final: true });
}
