import type { Duplex } from 'node:stream';
import type { IPublishPacket, MqttClient } from 'mqtt';
import type { Receipt } from '../../model/message';
import { peerText } from '../shared/peer-text';
import type { Broker } from './broker';
import type { Publish } from './draft';
import { flushed } from './library-stream';
import { hex } from './packets';
import { reasonWords } from './reasons';

/** How long the broker may take to acknowledge, in milliseconds. */
const answerWithin = 10_000;
/** More than this waiting means that the broker does not keep up: refused instead of piling up. */
const longestQueue = 10_000;
const mostUnsent = 64 * 1024 * 1024;

interface Waiting {
	publish: Publish;
	/** Milliseconds since it was given. */
	ms(): number;
	settle(receipt: Receipt): void;
	/** Set when it left the queue. */
	sent: boolean;
	timer?: ReturnType<typeof setTimeout>;
}

export interface Outgoing {
	/** Always resolves. */
	send(publish: Publish): Promise<Receipt>;
	/** The link is gone: what has no answer is `unknown`, what never left is `refused`. */
	lost(): void;
}

/** Publishes within the broker's receive maximum (MQTT 5, 4.9), which mqtt.js does not obey, and says what was proven. */
export function createOutgoing(client: MqttClient, stream: Duplex, broker: Broker, unfinished: Set<number>): Outgoing {
	const queue: Waiting[] = [];
	const all = new Set<Waiting>();
	let inFlight = 0;
	let gone = false;

	function send(publish: Publish): Promise<Receipt> {
		const began = performance.now();
		const ms = () => Math.round((performance.now() - began) * 10) / 10;
		if (stream.writableLength > mostUnsent || queue.length >= longestQueue)
			return Promise.resolve({
				proof: 'refused',
				text: 'not sent: the broker does not take what was already sent',
				ms: 0,
			});
		return new Promise((resolve) => {
			const waiting: Waiting = {
				publish,
				sent: false,
				ms,
				settle(receipt) {
					if (!all.delete(waiting)) return;
					clearTimeout(waiting.timer);
					resolve({ ...receipt, ms: ms() });
				},
			};
			all.add(waiting);
			waiting.timer = setTimeout(() => late(waiting), answerWithin);
			if (publish.qos === 0) handOver(waiting);
			else {
				queue.push(waiting);
				pump();
			}
		});
	}

	function handOver(waiting: Waiting): void {
		const { topic, payload, retain, properties } = waiting.publish;
		waiting.sent = true;
		client.publish(topic, payload, { qos: 0, retain, properties });
		void flushed(stream).then((taken) =>
			waiting.settle(
				taken ? { proof: 'handed-over', text: `handed to the socket in ${waiting.ms()} ms`, ms: 0 } : unknown(),
			),
		);
	}

	function pump(): void {
		while (inFlight < broker.receiveMaximum && !gone) {
			const waiting = queue.shift();
			if (!waiting) return;
			if (!all.has(waiting)) continue;
			const { topic, payload, qos, retain, properties } = waiting.publish;
			inFlight++;
			waiting.sent = true;
			let id: number | undefined;
			client.publish(topic, payload, { qos, retain, properties }, (error, packet) => {
				inFlight--;
				if (id !== undefined && !gone) unfinished.delete(id);
				if (error && !isRefusal(error)) waiting.settle(unknown());
				else waiting.settle(answered(packet as Answer | undefined, broker.version, waiting.ms()));
				pump();
			});
			if (qos !== 2 || gone) continue;
			id = client.getLastMessageId();
			unfinished.add(id);
		}
	}

	function late(waiting: Waiting): void {
		const seconds = answerWithin / 1000;
		waiting.settle(
			waiting.sent
				? { proof: 'unknown', text: `no answer within ${seconds} s: it may or may not have arrived`, ms: 0 }
				: {
						proof: 'refused',
						text: `not sent: the broker allows ${broker.receiveMaximum} at once and has not acknowledged the earlier ones`,
						ms: 0,
					},
		);
	}

	return {
		send,
		lost() {
			gone = true;
			for (const waiting of [...all])
				waiting.settle(
					waiting.sent ? unknown() : { proof: 'refused', text: 'not sent: the connection was lost before', ms: 0 },
				);
			queue.length = 0;
		},
	};
}

/** PUBACK, PUBREC or PUBCOMP as mqtt.js hands it on. */
type Answer = IPublishPacket & { reasonCode?: number; properties?: { reasonString?: string } };

function isRefusal(error: Error): boolean {
	const { code } = error as { code?: unknown };
	return typeof code === 'number' && code >= 0x80;
}

function unknown(): Receipt {
	return { proof: 'unknown', text: 'the connection broke before an answer: it may or may not have arrived', ms: 0 };
}

function answered(packet: Answer | undefined, version: 4 | 5, ms: number): Receipt {
	const code = packet?.reasonCode ?? 0;
	const said = packet?.properties?.reasonString;
	const name = (packet?.cmd as string | undefined)?.toUpperCase() ?? 'PUBACK';
	if (version === 4)
		return {
			proof: 'acknowledged',
			text: `acknowledged in ${ms} ms`,
			ms,
			evidence: `${name}; MQTT 3.1.1 cannot say that it was denied`,
		};
	const evidence = `${name} reason code ${hex(code)}${said ? `, "${peerText(said)}"` : ''}`;
	if (code >= 0x80) return { proof: 'refused', text: `refused by the broker: ${reasonWords(code)}`, ms, evidence };
	if (code === 0x10)
		return { proof: 'unrouted', text: `acknowledged in ${ms} ms, but nobody subscribes to it`, ms, evidence };
	return { proof: 'acknowledged', text: `acknowledged in ${ms} ms`, ms, evidence };
}
