import { stepBytes } from '../body';
import type { PlanContext } from '../plan';
import type { MessageFile, Section } from '../syntax/ast';
import { bodyFormatOf } from '../syntax/metadata';
import { verbOf } from '../syntax/words';
import { replaceIn } from '../variables';
import { type Sketch, takeUrl } from './sketch';

/**
 * A request for a NATS server, its variables replaced: it cannot be sent, since nothing here speaks NATS, but what was
 * pasted can be copied again. Undefined: it is for something else. Throws a Failure for a body that cannot be read.
 */
export async function natsSketch(
	file: MessageFile,
	section: Section,
	context: Pick<PlanContext, 'scope' | 'readFile'>,
): Promise<Sketch | undefined> {
	const { request } = section;
	const text = (token: { text: string; start: number }) => replaceIn(token.text, token.start, context.scope);
	const headers = (request?.headers ?? []).map(({ name, value }): [string, string] => [text(name), text(value)]);
	const isHost = ([name]: [string, string]) => name.toLowerCase() === 'host';
	const url = headers.findLast(isHost)?.[1] ?? '';
	if (!request || !/^(?:nats|tls):\/\//i.test(url)) return undefined;
	const body = bodyFormatOf(file, section);
	const messages: Sketch['messages'] = [];
	for (const step of request.steps) {
		const made = await stepBytes(file, step, body, context);
		if (made) messages.push({ bytes: made.bytes });
	}
	const sketch: Sketch = {
		verb: verbOf(request.verb.text)?.name ?? '',
		target: text(request.target),
		headers: headers.filter((header) => !isHost(header)),
		messages,
		dropped: [],
		protocol: 'nats',
	};
	takeUrl(sketch, url);
	return sketch;
}
