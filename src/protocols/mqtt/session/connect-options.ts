import type { IClientOptions } from 'mqtt';
import { FailureError } from '../../../base/failure';
import type { Hold } from '../../../model/contracts/hold';
import type { ResolvedProfile, Secrets } from '../../../model/profile/profile';
import { numberValue } from '../../shared/values';
import { checkTopic } from '../describe/topics';
import { bad, libraryPairs, pairs, text } from '../messages/values';
import { PacketIds } from '../wire/packet-ids';

export interface ConnectSettings {
	clientId: string;
	cleanStart: boolean;
	/** In seconds; 0: none. */
	keepAlive: number;
	receiveMaximum: number;
	/** Messages at QoS 2 that are accepted before one is released: brokers were seen to send more than a small receive maximum. */
	acceptedMaximum: number;
	aliasMaximum: number;
}

/** Reads the settings of a profile. Throws `bad-profile` for values that no broker could accept. */
export function connectSettings(profile: ResolvedProfile, ownClientId: string, hold?: Hold): ConnectSettings {
	const { values } = profile;
	return explained(() => ({
		clientId: text(values, 'clientId', 'Client ID') ?? ownClientId,
		cleanStart: values.cleanStart !== false,
		keepAlive: numberValue(values, 'keepalive') ?? 60,
		// Held messages are not acknowledged, so this bounds them.
		receiveMaximum: Math.min(numberValue(values, 'receiveMaximum') ?? 65_535, Math.max(1, hold?.limit ?? 65_535)),
		acceptedMaximum: numberValue(values, 'receiveMaximum') ?? 65_535,
		aliasMaximum: numberValue(values, 'topicAliasMaximum') ?? 0,
	}));
}

/** Options of mqtt.js for one attempt. Its own retries, timers and stores are switched off. */
export function clientOptions(
	profile: ResolvedProfile,
	secrets: Secrets,
	settings: ConnectSettings,
	version: 4 | 5,
	unfinished: Set<number>,
): IClientOptions {
	const { values } = profile;
	return explained(() => {
		const username = text(values, 'username', 'User name');
		const password = secrets.password;
		if (password !== undefined && username === undefined && version === 4)
			throw bad('MQTT 3.1.1 allows no password without a user name.');
		return {
			protocolVersion: version,
			clientId: settings.clientId,
			clean: settings.cleanStart,
			keepalive: settings.keepAlive,
			username,
			password,
			reconnectPeriod: 0,
			resubscribe: false,
			// The session alone limits the time for connecting, and `shared/liveness.ts` detects a dead broker.
			connectTimeout: 2 ** 31 - 1,
			timerVariant: { set: () => 0, clear: () => {} } as unknown as IClientOptions['timerVariant'],
			messageIdProvider: new PacketIds(unfinished) as unknown as IClientOptions['messageIdProvider'],
			will: willOf(profile, version),
			...(version === 5 && {
				properties: {
					sessionExpiryInterval: numberValue(values, 'sessionExpiry') || undefined,
					receiveMaximum: settings.receiveMaximum === 65_535 ? undefined : settings.receiveMaximum,
					topicAliasMaximum: settings.aliasMaximum || undefined,
					userProperties: libraryPairs(pairs(values, 'userProperties', 'User properties')),
				},
			}),
		};
	});
}

function willOf({ values }: ResolvedProfile, version: 4 | 5): IClientOptions['will'] {
	const topic = text(values, 'will.topic', 'Last will, topic');
	if (topic === undefined) return undefined;
	const responseTopic = text(values, 'will.responseTopic', 'Last will, response topic');
	for (const name of [topic, responseTopic ?? topic]) {
		const wrong = checkTopic(name);
		if (wrong) throw bad(`Last will: ${wrong}`);
	}
	const payload = values['will.payload'];
	const bytes = Buffer.from(typeof payload === 'string' ? payload : '');
	if (bytes.length > 65_535) throw bad('The payload of the last will is longer than 65,535 bytes.');
	return {
		topic,
		payload: bytes,
		qos: (numberValue(values, 'will.qos') ?? 0) as 0 | 1 | 2,
		retain: values['will.retain'] === true,
		...(version === 5 && {
			properties: {
				willDelayInterval: numberValue(values, 'will.delay'),
				messageExpiryInterval: numberValue(values, 'will.expiry'),
				contentType: text(values, 'will.contentType', 'Last will, content type'),
				responseTopic,
				userProperties: libraryPairs(pairs(values, 'will.userProperties', 'Last will, user properties')),
			},
		}),
	};
}

/** Turns a failure of a value into `bad-profile`. */
function explained<T>(read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
		throw new FailureError({ ...error.failure, code: 'bad-profile', final: true });
	}
}
