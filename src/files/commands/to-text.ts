import { toBase64, toText } from '../../model/payload';
import type { Message, Sketch } from './sketch';

export interface RequestTextOptions {
	/** After "###". */
	title?: string;
	/** The connection's name, which then stands instead of its URL. */
	connection?: string;
}

/** A request of a message file. Passwords are left out, and said to be. */
export function requestText(sketch: Sketch, { title, connection }: RequestTextOptions = {}): string {
	const isSocket = sketch.verb === 'WEBSOCKET';
	const lines = [title ? `### ${oneLine(title)}` : '###'];
	const encoded = sketch.messages.some((one) => 'bytes' in one && !isPlain(one));
	for (const [name, value] of sketch.metadata ?? []) lines.push(`# @${name} ${value}`);
	if (encoded) lines.push('# @body base64');
	if (sketch.password !== undefined || sketch.username !== undefined)
		lines.push('# User name and password are left out: keep them in a connection.');
	for (const one of sketch.dropped) lines.push(`# Left out: ${oneLine(one)}`);
	lines.push(
		[sketch.verb, isSocket && !connection ? (sketch.url ?? '') : sketch.target].filter((part) => part !== '').join(' '),
	);
	if (connection) lines.push(`Connection: ${connection}`);
	else if (sketch.url && !isSocket) lines.push(`Host: ${sketch.url}`);
	for (const [name, value] of sketch.headers) lines.push(`${name}: ${oneLine(value)}`);
	const bodies = sketch.messages.map((one) => bodyText(one, encoded));
	if (bodies.some((body) => body !== '')) lines.push('', bodies.join('\n===\n'));
	return `${lines.join('\n')}\n`;
}

const oneLine = (text: string) => text.replace(/[\r\n]+/g, ' ').trim();

/** A message's body as it stands in a file: as text, or with `# @body base64`. */
export function bodyText(one: Message, encoded: boolean): string {
	if ('file' in one) return `< ${one.file}`;
	return encoded ? toBase64(one.bytes) : (toText(one.bytes) ?? '');
}

/** Whether these bytes, written as text, come back as they are. */
function isPlain(one: { bytes: Uint8Array }): boolean {
	const text = toText(one.bytes);
	if (text === undefined) return false;
	if (text === '') return true;
	// Ends that are trimmed, line ends that become "\n", and what a line may not start with or hold.
	if (/^[ \t]*\n|\n[ \t]*$|^\s+$|\r|\0|^\uFEFF/.test(text)) return false;
	return !/^(?:###|\?\?|===(?:\s|$)|<@?\s|\{\{[+@]?\w*\s*$|[<>]\s*\{%)/m.test(text) && !/\{\{.*?\}\}/.test(text);
}
