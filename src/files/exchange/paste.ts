import { toFailure } from '../../base/failure';
import { shownUrl } from '../../model/profile/shown-url';
import { descriptions } from '../../protocols/descriptions';
import { readCommands } from '../../protocols/shared/commands/shell-reader';
import type { Sketch } from '../../protocols/shared/commands/sketch';
import { requestText } from './request-text';

const nameOf = (word: string | undefined) => (word ?? '').split('/').pop() ?? '';

const protocolOfCommand = (name: string) => descriptions.find(({ files }) => files?.tools?.commands.includes(name));

/** Whether a pasted text looks like a command line that can be read. */
export function isCommand(text: string): boolean {
	const [word] = text
		.trim()
		// Remarks, a prompt, and text that is piped into the command.
		.replace(/^(?:[:#] .*\n)+/, '')
		.replace(/^\$\s+/, '')
		.replace(/^printf '[^']*' \| /, '')
		.split(/\s/, 1);
	return protocolOfCommand(nameOf(word)) !== undefined;
}

/** The sketches of a text with command lines, or one sentence that says why it cannot be read. Never throws. */
export async function readCommand(text: string): Promise<Sketch[] | { problem: string }> {
	try {
		const commands = readCommands(text.trim());
		if (commands.length === 0) return { problem: 'There is no command.' };
		const sketches: Sketch[] = [];
		for (const { words, input } of commands) {
			if (words[0] === 'npx') words.shift();
			const name = nameOf(words[0]);
			const description = protocolOfCommand(name);
			const read = (await description?.files?.tools?.load())?.read;
			if (!read) throw new Error(`"${shownUrl(name)}" is not a command that can be pasted here.`);
			const protocol = description && { protocol: description.id };
			sketches.push(...read(words, input).map((sketch) => ({ ...sketch, ...protocol })));
		}
		return sketches;
	} catch (error) {
		return { problem: error instanceof Error ? error.message : String(error) };
	}
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
