import { hostOf } from '../../shared/commands/literals';
import type { Sketch } from '../../shared/commands/sketch';
import type { Value } from '../wire/codec/values';
import type { MapName, MessagePlan, PropertyName } from './message-plan';
import { Unwritable } from './typed-code';

export const receives = ({ verb }: Sketch) => ['SUBSCRIBE', 'CONSUME'].includes(verb);
/** The mode of a sketch that receives. */
export const modeOf = ({ own }: Sketch) => own?.verb || 'browse';
export const isRequest = (sketch: Sketch) => sketch.verb === 'REQUEST' || sketch.own?.verb === 'request';

export function addressOf(sketch: Sketch) {
	const { scheme, host, port } = hostOf(sketch.url ?? '', 'amqp');
	const tls = scheme === 'amqps';
	return { host, port: port ?? (tls ? 5671 : 5672), tls, web: scheme.startsWith('ws') };
}

/** Undefined where the program cannot be written: over WebSocket, or for a body that is not of its kind. */
export const attempt = (sketch: Sketch, write: () => string): string | undefined => {
	if (addressOf(sketch).web) return undefined;
	try {
		return write();
	} catch {
		return undefined;
	}
};

/** Writes the properties and maps of a plan. A value that the library cannot write is left out. */
export function parts<Part>(
	plan: MessagePlan,
	property: (name: PropertyName, value: Value) => Part,
	map: (name: MapName, pairs: [Value, Value][]) => Part,
): Part[] {
	const written = (name: string, write: () => Part): Part[] => {
		try {
			return [write()];
		} catch (error) {
			if (!(error instanceof Unwritable)) throw error;
			plan.left.push([name, 'whose value the library cannot send']);
			return [];
		}
	};
	return [
		...plan.properties.flatMap(([name, value]) => written(name, () => property(name, value))),
		...plan.maps.flatMap(([name, pairs]) => written(name, () => map(name, pairs))),
	];
}

/** What is left out, once for all messages. */
export const uniqueLeft = ({ left }: MessagePlan) => [...new Map(left.map((one) => [one.join('\0'), one])).values()];
