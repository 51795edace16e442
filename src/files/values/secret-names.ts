import type { MessageFile, Section } from '../syntax/ast';
import { contentsIn, dependenciesOf } from '../syntax/names';
import { builtinOf } from './builtins';

/** Names of all secrets that a file names. */
export function secretNames(file: MessageFile): string[] {
	return named(file.placeholders.map(({ content }) => content.text.trim()));
}

/**
 * Names of the secrets without which these requests cannot run: in their text and in that of the requests that they refer
 * to, through the variables that they use, and in what the file's first lines say for all.
 */
export function neededSecretNames(file: MessageFile, sections: readonly Section[]): string[] {
	const running = new Set(sections.flatMap((section) => [section, ...dependenciesOf(file, section)]));
	// What a file with a body refers to is known when it has been read.
	if ([...running].some(readsVariables)) return secretNames(file);
	const shared = file.sections[0]?.metadata ?? [];
	return named([...running, ...shared].flatMap((range) => contentsIn(file, range)));
}

const readsVariables = ({ request }: Section) =>
	request?.steps.some(({ parts }) => parts.some((part) => part.kind === 'file' && part.variables)) === true;

function named(contents: readonly string[]): string[] {
	const names = contents.flatMap((content) => {
		const call = builtinOf(content);
		return call?.builtin.name === 'secret' && call.args.length === 1 ? call.args : [];
	});
	return [...new Set(names)];
}
