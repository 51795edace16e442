import type { MessageFile, Section } from '../syntax/ast';
import { contentsIn, dependenciesOf } from '../syntax/names';
import { builtinOf } from './builtins';

/** The names of all secrets in a file. */
export function secretNames(file: MessageFile): string[] {
	return named(file.placeholders.map(({ content }) => content.text.trim()));
}

/**
 * The names of the secrets that these requests need: in their text, in the requests that they refer to, in the variables
 * that they use, and in the metadata of the file.
 */
export function neededSecretNames(file: MessageFile, sections: readonly Section[]): string[] {
	const running = new Set(sections.flatMap((section) => [section, ...dependenciesOf(file, section)]));
	// A body file with variables may name any of them; it is not read here.
	if ([...running].some(readsVariables)) return secretNames(file);
	const shared = file.sections[0]?.metadata ?? [];
	return named([...running, ...shared].flatMap((range) => contentsIn(file, range)));
}

const readsVariables = ({ request }: Section) =>
	request?.steps.some(({ parts }) => parts.some((part) => part.kind === 'file' && part.variables)) === true;

function named(contents: readonly string[]): string[] {
	const names = contents.flatMap((content) => {
		const call = builtinOf(content);
		const name = call?.builtin.secretAt === undefined ? undefined : call.args[call.builtin.secretAt];
		return name === undefined ? [] : [name];
	});
	return [...new Set(names)];
}
