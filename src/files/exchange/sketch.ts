import type { Draft } from '../../model/contracts/message';
import { isBytesValue } from '../../model/profile/bytes-value';
import type { BytesValue, Values } from '../../model/profile/field';
import type { ProtocolDescription } from '../../protocols/description';
import { descriptions } from '../../protocols/descriptions';
import { type Sketch, type SketchHeader, takeUrl } from '../../protocols/shared/commands/sketch';
import type { Plan } from '../run/plan/plan';
import { isPlain } from '../syntax/quoted';
import { conversationOf, verbOf, verbs } from '../syntax/words';
import { pairText, reservedFor } from '../values/headers';
import { receivingMode, sendingVerb } from '../values/sending-verb';

/**
 * The id of the protocol: the sketch's own, that of its verb, or that of its URL's scheme unless several protocols share
 * the scheme. Empty if it is not known.
 */
export function protocolOf({ protocol, verb, url = '' }: Pick<Sketch, 'protocol' | 'verb' | 'url'>): string {
	const own = protocol ?? verbOf(verb)?.protocols?.[0];
	if (own !== undefined) return own;
	const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
	const [first, ...others] = descriptions.filter(({ schemes }) => schemes.some((one) => one.scheme === scheme));
	return (others.length === 0 ? first?.id : undefined) ?? '';
}

/** The sketch of a draft. `url` is that of its connection. */
export function sketchOf(draft: Draft, description: ProtocolDescription, url: string): Sketch {
	const verb = wordFor(draft.verb, description);
	const reserved = reservedFor(verb, description, draft.verb);
	const fields = description.verbs.find(({ id }) => id === draft.verb)?.fields ?? [];
	const nameOf = (key: string) => reserved.find(({ sets }) => 'field' in sets && sets.field.key === key)?.name ?? key;
	const hasHeader = (key: string) => reserved.some(({ sets }) => sets.what === 'message' && sets.field.key === key);
	const headers: SketchHeader[] = [];
	const own: SketchHeader[] = [];
	for (const [key, value] of Object.entries(draft.values)) {
		if (value === undefined || value === '') continue;
		const field = fields.find((one) => one.key === key);
		if (field?.type === 'bytes') {
			const name = nameOf(key);
			for (const one of (field.many ? value : [value]) as (BytesValue | string)[])
				headers.push(...bytesHeaders(name, one));
			continue;
		}
		if (field?.type === 'pairs' && Array.isArray(value) && hasHeader(key)) {
			for (const pair of value as [string, string][]) headers.push([nameOf(key), pairText(pair)]);
			continue;
		}
		if (Array.isArray(value) && field?.type !== 'list') {
			for (const pair of value) own.push(Array.isArray(pair) ? [pair[0], pair[1], 'message'] : [key, String(pair)]);
			continue;
		}
		// A default value is left out.
		if (field && 'default' in field && field.default === value) continue;
		const name = nameOf(key);
		if (!Array.isArray(value)) headers.push([name, String(value)]);
		else if ((value as string[]).every((one) => isPlain(one) && /^[^\s,](?:[^,]*[^\s,])?$/.test(one))) {
			if (value.length > 0) headers.push([name, value.join(', ')]);
		} else for (const one of value as string[]) headers.push([name, one, 'item']);
	}
	if (!isUsual(draft, verb, description)) headers.unshift(['Verb', draft.verb]);
	const sketch: Sketch = {
		verb,
		target: draft.target,
		headers: [...headers, ...own],
		messages: [{ bytes: draft.payload }],
		dropped: [],
		protocol: description.id,
		own: { verb: draft.verb, values: draft.values },
	};
	takeUrl(sketch, url);
	if (verbOf(verb)?.action === 'conversation') sketch.target = '';
	return sketch;
}

/** A further payload as a header. Its notation follows unless it is text; JSON is sent as its text. */
function bytesHeaders(name: string, value: BytesValue | string): SketchHeader[] {
	const { format, text } = typeof value === 'string' ? { format: 'text', text: value } : value;
	return [
		[name, text, 'bytes'],
		...(format === 'text' || format === 'json' ? [] : [[`${name}-format`, format] satisfies SketchHeader]),
	];
}

/** Returns true if the verb of the file stands for the verb of the draft. Otherwise the header "Verb" names it. */
function isUsual({ verb, target }: Draft, text: string, description: ProtocolDescription): boolean {
	const word = verbOf(text);
	const meant = word && sendingVerb(word, text, description, { target });
	const own = description.verbs.find(({ id }) => id === verb);
	// Verbs that differ only in their targets are equivalent in a file.
	return own === undefined || meant?.id === verb || meant?.fields === own.fields;
}

/** The verb of message files that a verb of the protocol is written with. */
function wordFor(verb: string, { id, files }: ProtocolDescription): string {
	const fixed = verbs.find((word) => word.verb === verb && word.protocols?.includes(id));
	return (fixed ?? conversationOf(id))?.name ?? (files?.verbs?.REQUEST === verb ? 'REQUEST' : 'PUBLISH');
}

/** The sketch of a planned request, whose variables are replaced. `url` is that of its connection. */
export function sketchOfPlan(plan: Plan, url: string): Sketch {
	const { description } = plan;
	const drafts = plan.steps.flatMap((step) => step.drafts);
	const [first] = drafts;
	if (plan.subscriptions.length > 0 && !first) return subscribing(plan, url);
	const draft = first ?? { verb: '', target: '', values: {}, payload: new Uint8Array() };
	const sketch = sketchOf(draft, description, url);
	sketch.headers.push(...profileHeaders(plan, sketch.verb));
	if (plan.request && sketch.verb === 'PUBLISH') sketch.verb = 'REQUEST';
	return { ...sketch, messages: drafts.map(({ payload }) => ({ bytes: payload })) };
}

/** The headers of a request that set fields of its own connection's profile. */
function profileHeaders({ connection, description }: Plan, verb: string): SketchHeader[] {
	const reserved = reservedFor(verb, description);
	return Object.entries(connection.values).flatMap(([key, value]): SketchHeader[] => {
		if (key === verbOf(verb)?.profile?.headers)
			return (value as [string, string][]).map(([name, text]) => [name, text, 'message']);
		const found = reserved.find(({ sets }) => sets.what === 'profile' && sets.field.key === key);
		return found ? [[found.name, Array.isArray(value) ? value.join(', ') : String(value)]] : [];
	});
}

function subscribing({ description, options, subscriptions }: Plan, url: string): Sketch {
	const { target = '', mode, ...values } = subscriptions[0] ?? {};
	const words = Object.entries(description.files?.modes ?? {});
	const verb = words.find(([, id]) => id === mode)?.[0] ?? 'SUBSCRIBE';
	const reserved = reservedFor('SUBSCRIBE', description);
	const nameOf = (key: string) => reserved.find(({ sets }) => 'field' in sets && sets.field.key === key)?.name ?? key;
	// The word and the target stand for one mode; another is named.
	const implied = receivingMode(verb, description, target)?.id;
	const sketch: Sketch = {
		verb,
		target,
		headers: [
			...(mode !== undefined && mode !== implied ? [['Mode', mode] satisfies SketchHeader] : []),
			...Object.entries(values).flatMap(([key, value]) =>
				isBytesValue(value) ? bytesHeaders(nameOf(key), value) : [[nameOf(key), String(value)] satisfies SketchHeader],
			),
		],
		metadata: options.maxMessages === undefined ? [] : [['maxMessages', String(options.maxMessages)]],
		messages: [],
		dropped: [],
		protocol: description.id,
		own: { verb: mode ?? '', values: values as Values },
	};
	takeUrl(sketch, url);
	return sketch;
}
