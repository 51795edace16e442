import type { Remote } from '../../base/rpc';
import { toLine } from '../../lines/write';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { MessageCount } from '../../model/contracts/panel-api';
import { toBase64, toText } from '../../model/contracts/payload';
import type { ProtocolDescription } from '../../protocols/description';
import { linesOf, readMessages } from './log-source';

/**
 * Messages of the log as text for the clipboard; the texts of notes only if there is nothing else. `text` is undefined
 * if there are more than `most` characters.
 */
export async function copiedText(
	engine: Pick<Remote<EngineApi>, 'messages'>,
	description: ProtocolDescription,
	lines: number[],
	as: 'json-lines' | 'payloads',
	most: number,
): Promise<{ text: string | undefined; count: MessageCount }> {
	const texts: string[] = [];
	let length = 0;
	const read = (notes: boolean) =>
		readMessages(
			engine,
			linesOf(lines),
			async (messages) => {
				for (const message of messages) {
					const payload = () => `${toText(message.payload) ?? toBase64(message.payload)}\n`;
					const text = as === 'payloads' || notes ? payload() : toLine(description, message, message.time);
					texts.push(text);
					length += text.length;
				}
				return length <= most;
			},
			{ notes },
		);
	let count = await read(false);
	const notes = count !== undefined && texts.length === 0;
	if (notes) count = await read(true);
	if (!count) return { text: undefined, count: { written: 0, removed: 0 } };
	// A single payload or note is pasted without the end of its line.
	const single = texts.length === 1 && (as === 'payloads' || notes);
	return { text: single ? texts.join('').slice(0, -1) : texts.join(''), count };
}
