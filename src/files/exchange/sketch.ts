import type { Draft } from '../../model/contracts/message';
import type { Values } from '../../model/profile/field';
import type { ProtocolDescription } from '../../protocols/description';
import { type Sketch, type SketchHeader, takeUrl } from '../../protocols/shared/commands/sketch';
import type { Plan } from '../run/plan';
import { isPlain } from '../syntax/quoted';
import { verbOf, verbs } from '../syntax/words';
import { reservedFor } from '../values/headers';
import { sendingVerb } from '../values/sending-verb';

/** The protocol's id, as the sketch says, or as its verb or its URL's scheme does. */
export function protocolOf({ protocol, verb, url = '' }: Pick<Sketch, 'protocol' | 'verb' | 'url'>): string {
	if (protocol !== undefined) return protocol;
	if (/^(?:WEBSOCKET|WSS?)$/i.test(verb)) return 'websocket';
	return /^(mqtt|amqp|coap|xmpp|nats)s?:/i.exec(url)?.[1]?.toLowerCase() ?? '';
}

/** A draft of a composer or of the log. `url`: of its connection. */
export function sketchOf(draft: Draft, description: ProtocolDescription, url: string): Sketch {
	const verb = wordFor(draft.verb, description);
	const reserved = reservedFor(verb, description, draft.verb);
	const fields = description.verbs.find(({ id }) => id === draft.verb)?.fields ?? [];
	const headers: SketchHeader[] = [];
	const own: SketchHeader[] = [];
	for (const [key, value] of Object.entries(draft.values)) {
		if (value === undefined || value === '') continue;
		const field = fields.find((one) => one.key === key);
		if (Array.isArray(value) && field?.type !== 'list') {
			for (const pair of value) own.push(Array.isArray(pair) ? [pair[0], pair[1], 'message'] : [key, pair]);
			continue;
		}
		// What stands there anyway need not be said.
		if (field && 'default' in field && field.default === value) continue;
		const name = reserved.find(({ sets }) => 'field' in sets && sets.field.key === key)?.name ?? key;
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
	if (verb === 'WEBSOCKET') sketch.target = '';
	return sketch;
}

/** Whether a file's verb alone means the draft's: else the header "Verb" says which of the protocol's it is. */
function isUsual({ verb, target }: Draft, text: string, description: ProtocolDescription): boolean {
	const word = verbOf(text);
	const meant = word && sendingVerb(word, text, description, { target });
	const own = description.verbs.find(({ id }) => id === verb);
	// Verbs that only differ in which targets they take are one to a file.
	return own === undefined || meant?.id === verb || meant?.fields === own.fields;
}

/** The verb of message files that a protocol's own verb is written with. */
function wordFor(verb: string, { id, verbs: own }: ProtocolDescription): string {
	if (id === 'websocket') return 'WEBSOCKET';
	const fixed = verbs.find((word) => word.verb === verb && word.protocols?.includes(id));
	if (fixed) return fixed.name;
	const request = ['request', 'iq'].includes(verb) && own.some((one) => one.id === verb);
	return request ? 'REQUEST' : 'PUBLISH';
}

/** A request whose variables are replaced. `url`: of its connection. */
export function sketchOfPlan(plan: Plan, url: string): Sketch {
	const { description } = plan;
	const drafts = plan.steps.flatMap((step) => step.drafts);
	const [first] = drafts;
	if (plan.subscriptions.length > 0 && !first) return subscribing(plan, url);
	const draft = first ?? { verb: '', target: '', values: {}, payload: new Uint8Array() };
	const sketch = sketchOf(draft, description, url);
	const { subprotocols, origin, headers = [] } = plan.connection.values;
	if (Array.isArray(subprotocols)) sketch.headers.push(['Sec-WebSocket-Protocol', subprotocols.join(', ')]);
	if (typeof origin === 'string') sketch.headers.push(['Origin', origin]);
	if (Array.isArray(headers))
		for (const [name, value] of headers as [string, string][]) sketch.headers.push([name, value, 'message']);
	if (plan.request && sketch.verb === 'PUBLISH') sketch.verb = 'REQUEST';
	return { ...sketch, messages: drafts.map(({ payload }) => ({ bytes: payload })) };
}

function subscribing({ description, options, subscriptions }: Plan, url: string): Sketch {
	const { target = '', mode, ...values } = subscriptions[0] ?? {};
	const verb = mode === 'observe' ? 'OBSERVE' : mode === 'consume' ? 'CONSUME' : 'SUBSCRIBE';
	const reserved = reservedFor('SUBSCRIBE', description);
	const nameOf = (key: string) => reserved.find(({ sets }) => 'field' in sets && sets.field.key === key)?.name ?? key;
	const sketch: Sketch = {
		verb,
		target,
		headers: Object.entries(values).map(([key, value]) => [nameOf(key), String(value)]),
		metadata: options.maxMessages === undefined ? [] : [['maxMessages', String(options.maxMessages)]],
		messages: [],
		dropped: [],
		protocol: description.id,
		own: { verb: mode ?? '', values: values as Values },
	};
	takeUrl(sketch, url);
	return sketch;
}
