import type { Property } from '../../../model/contracts/session';
import { natsFlag } from './flags';
import { readHeaders, readMeta } from './headers';
import { placeHeaders, placeOf } from './place';

const operations: Readonly<Record<string, string>> = {
	...{ DEL: 'deleted', PURGE: 'purged with its history' },
	...{ MaxAge: 'expired', Remove: 'deleted', Purge: 'purged' },
};

/** Every property of a message in words. */
export function natsProperties(flags: number, meta: Uint8Array | undefined): Property[] {
	const properties: Property[] = [];
	const add = (label: string, value: string | undefined, help?: string) => {
		if (value !== undefined && value !== '') properties.push({ label, value, ...(help && { help }) });
	};
	const { reply, block } = readMeta(meta);
	const { status, pairs } = block === undefined ? { status: undefined, pairs: [] } : readHeaders(block);
	if (status) add('Status', `${status.code}${status.text && ` ${status.text}`}${words[status.code] ?? ''}`);
	const place = placeOf(flags, meta);
	add('Stream', place?.stream);
	add('Domain', place?.domain);
	add('Sequence', place?.sequence);
	add('Stored', place?.time);
	add('Consumer', place?.consumer);
	add('Delivery', place?.delivered && (place.delivered === '1' ? 'first' : `number ${place.delivered}`));
	add('Consumer sequence', place?.consumerSequence);
	add('Still pending', place?.pending, 'Messages that the consumer has not delivered yet.');
	const marker = pairs.find(([name]) => /^(KV-Operation|Nats-Marker-Reason)$/.test(name))?.[1];
	if (flags & natsFlag.marker && marker !== undefined) add('Key', operations[marker] ?? marker);
	if (!(flags & natsFlag.consumed)) add('Reply subject', reply);
	for (const [label, value] of pairs)
		if (!(flags & natsFlag.stored && placeHeaders.has(label))) properties.push({ label, value, group: 'Headers' });
	return properties;
}

const words: Readonly<Record<string, string>> = { '503': ' (no responders)' };
