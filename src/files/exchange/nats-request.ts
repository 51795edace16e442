import type { CopyWay } from '../../protocols/message-files';
import { writeNats } from '../../protocols/shared/commands/nats';
import { type Sketch, type SketchHeader, takeUrl } from '../../protocols/shared/commands/sketch';
import { stepBytes } from '../run/body';
import type { PlanContext } from '../run/plan';
import { type Header, type MessageFile, mayBeOption, type Section, type Token } from '../syntax/ast';
import { bodyFormatOf } from '../syntax/metadata';
import { verbOf } from '../syntax/words';
import { textOf } from '../values/variables';
import { protocolOf } from './sketch';

/** NATS is not a protocol of the extension: its command line can be pasted and copied, but not sent. */
const nats = 'nats';

export const isNats = (sketch: Sketch): boolean => protocolOf(sketch) === nats;

export const copyNats: CopyWay = { id: nats, label: 'nats', language: 'shellscript', write: writeNats };

/** Headers of a request that the `nats` command has options for. */
export const isNatsOption = (name: string): boolean => /^(?:reply-to|queue)$/i.test(name);

/**
 * A request for a NATS server with its variables replaced, so that a pasted command can be copied again. Undefined for
 * any other request. Throws a Failure for a body that cannot be read.
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
	const format = bodyFormatOf(file, section);
	const messages: Sketch['messages'] = [];
	for (const step of request.steps) {
		const body = await stepBytes(file, step, format, context);
		if (body) messages.push({ bytes: body.bytes });
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
		protocol: nats,
	};
	takeUrl(sketch, url);
	return sketch;
}
