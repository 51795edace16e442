import type { Property } from '../../../model/contracts/session';
import { shortened } from '../../../model/text/text';
import type { Value } from '../wire/codec/values';
import { amqp1Flag } from './flags';
import { type BodyKind, type StoredMessage, sectionsOf, storedMessage } from './stored-message';
import { hex } from './values/typed-text';
import { bodyText, time, uuidText } from './values/value-text';

/** Maximum length of a value that is shown. */
const maxShown = 4096;

const bodies: Readonly<Record<BodyKind, string>> = {
	data: 'data',
	text: 'value of the type string',
	binary: 'value of the type binary',
	value: 'value, shown as text',
	sequence: 'sequence, shown as a JSON list',
	none: 'none',
	unreadable: 'not a message of AMQP 1.0; the bytes are shown as they are',
};

/** A value in words, without its type where it is obvious. Complete. */
export function inWords(value: Value): string {
	switch (value.type) {
		case 'string':
		case 'symbol':
			return value.value;
		case 'timestamp':
			return time(value.value);
		case 'uuid':
			return uuidText(value.value);
		case 'binary':
			return `0x${hex(value.value)}`;
		case 'null':
			return 'null';
		case 'boolean':
		case 'ubyte':
		case 'ushort':
		case 'uint':
		case 'ulong':
		case 'byte':
		case 'short':
		case 'int':
		case 'long':
			return String(value.value);
		case 'float':
		case 'double':
			return Object.is(value.value, -0) ? '-0' : String(value.value);
		default:
			return bodyText(value);
	}
}

const labels: readonly [label: string, help?: string][] = [
	['Message ID'],
	['User ID'],
	['To'],
	['Subject'],
	['Reply to'],
	['Correlation ID'],
	['Content type'],
	['Content encoding'],
	['Absolute expiry time'],
	['Creation time'],
	['Group ID'],
	['Group sequence'],
	['Reply-to group ID'],
];
const userId = 1;

/** All properties of a message as text. Never throws: unreadable properties are reported as such. */
export function messageProperties(flags: number, meta: unknown): Property[] {
	const list: Property[] = [];
	const add = (label: string, value: string | undefined, help?: string, group?: string) => {
		if (value !== undefined)
			list.push({ ...(group && { group }), label, value: shortened(value, maxShown), ...(help && { help }) });
	};
	if (flags & amqp1Flag.browsed) add('Read by', 'browse: a copy, the server keeps the message');
	if (flags & amqp1Flag.released) add('Read by', 'receive and release: put back into its address');
	if (flags & amqp1Flag.held) add('Read by', 'receive and settle: you decide about it');
	if (flags & amqp1Flag.accepted) add('Read by', 'receive and accept: removed from its address');
	if (flags & amqp1Flag.settled) add('Sent', 'settled: without an outcome');
	const message = storedMessage(meta);
	if (!message) return list;
	add('Body', `${bodies[message.kind]}${message.bodySections > 1 ? ` (${message.bodySections} sections)` : ''}`);
	const sections = sectionsOf(message);
	if (typeof sections === 'string') {
		add('Properties', `they cannot be read: ${sections}`);
		return list;
	}
	const [durable, priority, ttl, firstAcquirer, count] = sections.header;
	const set = (value: Value | undefined) => (value && value.type !== 'null' ? inWords(value) : undefined);
	if (durable?.type === 'boolean') add('Durable', durable.value ? 'yes' : 'no');
	add('Priority', set(priority));
	if (set(ttl) !== undefined) add('Time to live', `${set(ttl)} ms`);
	if (firstAcquirer?.type === 'boolean' && firstAcquirer.value) add('First acquirer', 'yes');
	add('Delivery count', set(count), 'Earlier deliveries without success.');
	labels.forEach(([label], at) => {
		const value = sections.properties[at];
		if (!value || value.type === 'null') return;
		const isText = value.type === 'string' || value.type === 'symbol';
		add(label, (at === userId && textBytes(value)) || inWords(value), isText ? undefined : value.type);
	});
	group('Application properties', sections.applicationProperties);
	group('Message annotations', sections.messageAnnotations);
	group('Delivery annotations', sections.deliveryAnnotations);
	group('Footer', sections.footer);
	return list;

	function group(name: string, pairs: readonly [Value, Value][]): void {
		for (const [key, value] of pairs) add(shortened(inWords(key), maxShown), inWords(value), value.type, name);
	}
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a user ID, which is binary. */
function textBytes(value: Value): string | undefined {
	if (value.type !== 'binary' || value.value.length === 0) return undefined;
	try {
		return strict.decode(value.value);
	} catch {
		return undefined;
	}
}

const propertyIn = (meta: unknown, index: number): string | undefined => {
	const message: StoredMessage | undefined = storedMessage(meta);
	const sections = message && sectionsOf(message);
	const value = typeof sections === 'object' ? sections.properties[index] : undefined;
	return value?.type === 'symbol' || value?.type === 'string' ? value.value : undefined;
};

/** Earlier deliveries that the header counts. */
export function deliveryCount(meta: unknown): number | undefined {
	const message = storedMessage(meta);
	const sections = message && sectionsOf(message);
	const count = typeof sections === 'object' ? sections.header[4] : undefined;
	return count?.type === 'uint' ? count.value : undefined;
}

/** The content type that the message declares. */
export const contentType = (meta: unknown): string | undefined => propertyIn(meta, 6);

/** The content encoding that the message declares. */
export const contentEncoding = (meta: unknown): string | undefined => propertyIn(meta, 7);
