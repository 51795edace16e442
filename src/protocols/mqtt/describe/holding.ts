import { cannotHold, type Holding } from '../../../model/contracts/hold';
import type { Values } from '../../../model/profile/field';
import type { Subscription } from '../../../model/profile/profile';

/** QoS 0 has no acknowledgement (MQTT 5, 4.3.1). */
export const atMostOnce = cannotHold(
	'Messages at QoS 0 are not acknowledged, so the broker does not deliver them again: subscribe with QoS 1 or 2.',
);

const how =
	'PUBACK and PUBREC are sent after the outcome, in the order of arrival. Messages that were published at QoS 0 are not acknowledged.';

/** PUBACK and PUBREC can wait; what becomes of the others depends on the session that the broker keeps (MQTT 5, 4.1). */
export function holdingOf({ qos = 0 }: Subscription, values: Values): Holding {
	if (qos === 0) return atMostOnce;
	const lost = 'Messages without an outcome are lost when the connection ends';
	const fix = 'set a client ID, turn off "Clean start" and set a session expiry';
	if (values.cleanStart !== false)
		return {
			...{ holds: true, repeats: true, survives: false },
			text: `${how} ${lost}, because it has a clean session: to keep them, ${fix}.`,
		};
	const ends = values.mqttVersion !== '3.1.1' && (Number(values.sessionExpiry) || 0) === 0;
	if (ends)
		return {
			...{ holds: true, repeats: true, survives: false },
			text: `${how} ${lost}, because the session expires with it: to keep them, ${fix}.`,
		};
	return {
		...{ holds: true, repeats: true, survives: true },
		text: `${how} After the connection has ended, the broker delivers messages without an outcome again when this client ID connects.`,
	};
}
