import type { IClientSubscribeOptions, MqttClient } from 'mqtt';
import { withDeadline } from '../../../base/deadline';
import { fail } from '../../../base/failure';
import type { Values } from '../../../model/profile/field';
import { wrongValue } from '../../../model/profile/fields';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { numberValue } from '../../shared/values';
import { subscriptionFields } from '../describe/fields';
import { reasonWords } from '../describe/reasons';
import { checkFilter } from '../describe/topics';
import type { Broker } from '../session/broker-limits';
import { endOf } from '../session/refusals';
import { packetSize, varintSize } from '../wire/packet-size';
import { hex } from '../wire/packets';
import type { SubscriptionNumbers } from './subscription-numbers';

/** Time for the broker's answer, in milliseconds. */
const answerWithin = 10_000;

/** SUBACK and UNSUBACK as mqtt.js reports them. */
interface Answer {
	granted?: number[];
	properties?: { reasonString?: string };
}

/** "Subscription Identifiers not supported" (MQTT 5, 2.4). */
const identifiersRefused = 0xa1;

/** An own number with its property identifier makes a packet this many bytes longer, with its length at most one more. */
const ownNumberBytes = 5;

/** The connection for which subscriptions are made. */
export interface Subscriber {
	client: MqttClient;
	broker: Broker;
	numbers: SubscriptionNumbers;
}

/** Sends one SUBSCRIBE with one filter. Throws the refusal, also for what the broker does not support (MQTT 5, 3.2.2.3). */
export async function subscribe(
	subscriber: Subscriber,
	subscription: Subscription,
	id: string,
): Promise<Granted & { qos: number }> {
	const { client, broker, numbers } = subscriber;
	const { target } = subscription;
	const { qos, options } = subscribeOptions(broker, subscription);
	const chosen = numberValue(subscription as Values, 'identifier');
	const size = packetSize('The subscription', remainingLength(target, chosen, broker.version), broker);
	// An own number must not make the packet larger than the broker accepts.
	const fits = chosen !== undefined || size + ownNumberBytes <= broker.maximumPacketSize;
	const number = fits && broker.version === 5 && broker.identifiers ? numbers.assign(id, chosen) : undefined;
	if (number !== undefined) options.properties = { subscriptionIdentifier: number };
	const answer = await ask('subscription', target, (done) =>
		client.subscribe(target, options, (error, _granted, packet) => {
			const code = (error as { packet?: Answer } | null)?.packet?.granted;
			done(code ? null : error, (code ? (error as { packet?: Answer }).packet : packet) as Answer | undefined);
		}),
	);
	const code = answer?.granted?.[0] ?? 0x80;
	if (code === identifiersRefused && number !== undefined && chosen === undefined) {
		numbers.stop();
		return subscribe(subscriber, subscription, id);
	}
	const reason = answer?.properties?.reasonString;
	if (code >= 0x80)
		throw fail(
			'subscription-refused',
			`The broker refused the subscription to "${peerText(target)}": ${reasonWords(code)}.`,
			{
				evidence: `SUBACK reason code ${hex(code)}${reason ? `, "${peerText(reason)}"` : ''}`,
				end: endOf(code, answer?.properties),
			},
		);
	numbers.granted(id, number);
	if (code < qos) return { qos: code, reduced: true, detail: `QoS ${code} granted, ${qos} asked` };
	return { qos: code, detail: `QoS ${code} granted` };
}

export async function unsubscribe({ client, broker, numbers }: Subscriber, target: string, id: string): Promise<void> {
	// Packet identifier, properties (MQTT 5, 3.10.2), filter.
	packetSize('This UNSUBSCRIBE', 2 + (broker.version === 5 ? 1 : 0) + 2 + Buffer.byteLength(target), broker);
	const answer = await ask('end of the subscription', target, (done) =>
		client.unsubscribe(target, (error, packet) => done(error ?? null, packet as Answer | undefined)),
	);
	const code = answer?.granted?.[0] ?? 0;
	if (code >= 0x80)
		throw fail('unsubscription-refused', `The broker goes on sending "${peerText(target)}": ${reasonWords(code)}.`, {
			evidence: `UNSUBACK reason code ${hex(code)}`,
		});
	numbers.removed(id);
}

function subscribeOptions(
	broker: Broker,
	subscription: Subscription,
): { qos: number; options: IClientSubscribeOptions } {
	const { target } = subscription;
	const refuse = (message: string) => fail('subscription-refused', message);
	const wrong = checkFilter(target);
	if (wrong) throw refuse(wrong);
	const isShared = target.startsWith('$share/');
	if (isShared && !broker.shared) throw refuse('The broker does not support shared subscriptions.');
	if (/[+#]/.test(target) && !broker.wildcards) throw refuse('The broker does not support wildcard subscriptions.');
	const values = subscription as Values;
	for (const field of subscriptionFields) {
		const value = values[field.key];
		const wrongField = value === undefined ? undefined : wrongValue(field, value);
		if (wrongField) throw refuse(`${field.label}: ${wrongField}.`);
	}
	const qos = numberValue(values, 'qos') ?? 0;
	const identifier = numberValue(values, 'identifier');
	const nl = values.noLocal === true;
	const rap = values.retainAsPublished === true;
	const rh = numberValue(values, 'retainHandling') ?? 0;
	if (identifier !== undefined && !(broker.version === 5 && broker.identifiers))
		throw fail('no-identifiers', 'The broker does not support subscription identifiers, or speaks MQTT 3.1.1.');
	if (broker.version === 4) {
		if (nl || rap || rh > 0)
			throw refuse('This connection speaks MQTT 3.1.1, whose subscriptions have a QoS and no other options.');
		return { qos, options: { qos: qos as 0 | 1 | 2 } };
	}
	if (isShared && nl) throw refuse('A shared subscription cannot leave out your own messages (MQTT 5, 3.8.3.1).');
	return { qos, options: { qos: qos as 0 | 1 | 2, nl, rap, rh } };
}

/** Bytes of a SUBSCRIBE packet behind its fixed header (MQTT 5, 3.8). */
function remainingLength(target: string, identifier: number | undefined, version: 4 | 5): number {
	const propertyBytes = identifier === undefined ? 0 : 1 + varintSize(identifier);
	const propertySection = version === 5 ? varintSize(propertyBytes) + propertyBytes : 0;
	// Packet identifier, properties (MQTT 5, 3.8.2), filter, options.
	return 2 + propertySection + 2 + Buffer.byteLength(target) + 1;
}

function ask(
	what: string,
	target: string,
	send: (done: (error: Error | null, answer: Answer | undefined) => void) => void,
): Promise<Answer | undefined> {
	const answered = new Promise<Answer | undefined>((resolve, reject) =>
		send((error, answer) => {
			if (error)
				reject(
					fail('link-lost', `The connection broke before the broker answered the ${what} "${peerText(target)}".`, {
						evidence: error.message,
					}),
				);
			else resolve(answer);
		}),
	);
	return withDeadline(answered, answerWithin, () =>
		fail('no-answer', `The broker did not answer the ${what} "${peerText(target)}" within ${answerWithin / 1000} s.`),
	);
}
