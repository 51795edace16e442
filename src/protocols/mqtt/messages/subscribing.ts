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

/** How long the broker may take to answer, in milliseconds. */
const answerWithin = 10_000;

/** SUBACK and UNSUBACK as mqtt.js hands them on. */
interface Answer {
	granted?: number[];
	properties?: { reasonString?: string };
}

/** One SUBSCRIBE with one filter. Throws the refusal, also what the broker has said it cannot do (MQTT 5, 3.2.2.3). */
export async function subscribe(client: MqttClient, broker: Broker, subscription: Subscription): Promise<Granted> {
	const { target } = subscription;
	const { qos, options } = subscribeOptions(broker, subscription);
	const answer = await ask('subscription', target, (done) =>
		client.subscribe(target, options, (error, _granted, packet) => {
			const code = (error as { packet?: Answer } | null)?.packet?.granted;
			done(code ? null : error, (code ? (error as { packet?: Answer }).packet : packet) as Answer | undefined);
		}),
	);
	const code = answer?.granted?.[0] ?? 0x80;
	const said = answer?.properties?.reasonString;
	if (code >= 0x80)
		throw fail(
			'subscription-refused',
			`The broker refused the subscription to "${peerText(target)}": ${reasonWords(code)}.`,
			{
				evidence: `SUBACK reason code ${hex(code)}${said ? `, "${peerText(said)}"` : ''}`,
				end: endOf(code, answer?.properties),
			},
		);
	if (code < qos) return { reduced: true, detail: `QoS ${code} granted, ${qos} asked` };
	return { detail: `QoS ${code} granted` };
}

export async function unsubscribe(client: MqttClient, broker: Broker, target: string): Promise<void> {
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
	const properties = identifier === undefined ? undefined : { subscriptionIdentifier: identifier };
	const propertyBytes = identifier === undefined ? 0 : 1 + varintSize(identifier);
	// Packet identifier, properties (MQTT 5, 3.8.2), filter, options.
	const propertySection = broker.version === 5 ? varintSize(propertyBytes) + propertyBytes : 0;
	packetSize('The subscription', 2 + propertySection + 2 + Buffer.byteLength(target) + 1, broker);
	if (broker.version === 4) {
		if (nl || rap || rh > 0)
			throw refuse('This connection speaks MQTT 3.1.1, whose subscriptions have a QoS and no other options.');
		return { qos, options: { qos: qos as 0 | 1 | 2 } };
	}
	if (isShared && nl) throw refuse('A shared subscription cannot leave out your own messages (MQTT 5, 3.8.3.1).');
	return { qos, options: { qos: qos as 0 | 1 | 2, nl, rap, rh, properties } };
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
