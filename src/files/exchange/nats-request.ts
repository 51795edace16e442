import { type Sketch, type SketchHeader, takeUrl } from '../../protocols/shared/commands/sketch';
import { stepBytes } from '../run/body';
import type { PlanContext } from '../run/plan';
import { type Header, type MessageFile, mayBeOption, type Section, type Token } from '../syntax/ast';
import { bodyFormatOf } from '../syntax/metadata';
import { verbOf } from '../syntax/words';
import { textOf } from '../values/variables';

/** Headers of a request that the `nats` command has options for. */
export const isNatsOption = (name: string): boolean => /^(?:reply-to|queue)$/i.test(name);

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
	const text = (token: Token) => textOf(token, context.scope);
	const isHost = (header: Header) => mayBeOption(header) && header.name.text.toLowerCase() === 'host';
	const host = request?.headers.findLast(isHost);
	const url = host ? text(host.value) : '';
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
		headers: request.headers
			.filter((header) => !isHost(header))
			.map((header): SketchHeader => {
				const pair: [string, string] = [text(header.name), text(header.value)];
				return mayBeOption(header) && isNatsOption(header.name.text) ? pair : [...pair, 'message'];
			}),
		messages,
		dropped: [],
		protocol: 'nats',
	};
	takeUrl(sketch, url);
	return sketch;
}
