import { toFailure } from '../../base/failure';
import { shownUrl } from '../../model/profile/shown-url';
import { descriptions } from '../../protocols/descriptions';
import { commandOf, readPipelines } from '../../protocols/shared/commands/shell-reader';
import type { Message, Sketch } from '../../protocols/shared/commands/sketch';
import { nameOf, programOf } from './program';
import { requestText } from './request-text';

const protocolOfCommand = (name: string) => descriptions.find(({ files }) => files?.tools?.commands.includes(name));
const isKnown = (name: string) => protocolOfCommand(name) !== undefined;

/** The commands of a text, each without what stands in front of its program. */
const commandsIn = (text: string) =>
	readPipelines(text.trim()).map((pipeline) => {
		const {
			words,
			dropped = [],
			...command
		} = commandOf(pipeline, (one) => isKnown(nameOf(programOf(one, isKnown).words[0])));
		const program = programOf(words, isKnown);
		return { ...command, words: program.words, dropped: [...program.dropped, ...dropped] };
	});

/** Whether a pasted text is a command line that can be read. */
export function isCommand(text: string): boolean {
	// Most pasted texts are none, and may be long.
	if (!descriptions.some(({ files }) => files?.tools?.commands.some((name) => text.includes(name)))) return false;
	try {
		const commands = commandsIn(text);
		return commands.length > 0 && commands.every(({ words }) => isKnown(nameOf(words[0])));
	} catch {
		return false;
	}
}

/** The sketches of a text with command lines, or one sentence that says why it cannot be read. Never throws. */
export async function readCommand(text: string): Promise<Sketch[] | { problem: string }> {
	try {
		const commands = commandsIn(text);
		if (commands.length === 0) return { problem: 'There is no command.' };
		const sketches: Sketch[] = [];
		for (const { words, input, ended, dropped } of commands) {
			const name = nameOf(words[0]);
			const description = protocolOfCommand(name);
			const read = (await description?.files?.tools?.load())?.read;
			if (!read) throw new Error(`"${shownUrl(name)}" is not a command that can be pasted here.`);
			const first = sketches.length;
			for (const sketch of read([name, ...words.slice(1)], input))
				sketches.push({
					...(ended ? withoutLineEnd(sketch) : sketch),
					...(description && { protocol: description.id }),
				});
			// One remark for all requests of a command.
			const [one] = sketches.slice(first);
			if (one) sketches[first] = { ...one, dropped: [...dropped, ...one.dropped] };
		}
		return sketches;
	} catch (error) {
		return { problem: error instanceof Error ? error.message : String(error) };
	}
}

/** The shell ends a text with a line end, with which a program that sends its input as it is sends it too. */
function withoutLineEnd(sketch: Sketch): Sketch {
	const ends = (one: Message | undefined) => one !== undefined && 'bytes' in one && one.bytes.at(-1) === 0x0a;
	if (!ends(sketch.messages.at(-1))) return sketch;
	const messages = sketch.messages.map((one) =>
		'bytes' in one && ends(one) ? { bytes: one.bytes.slice(0, -1) } : one,
	);
	return { ...sketch, messages, dropped: [...sketch.dropped, 'the line end behind the message'] };
}

/** The requests of a text with command lines, or one sentence that says why it cannot be read. Never throws. */
export async function pasted(text: string): Promise<{ text: string } | { problem: string }> {
	const sketches = await readCommand(text);
	if ('problem' in sketches) return sketches;
	try {
		return { text: sketches.map((sketch) => requestText(sketch)).join('\n') };
	} catch (error) {
		return { problem: toFailure(error).message };
	}
}
