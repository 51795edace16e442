import { toFailure } from '../../base/failure';
import { oneEditAway } from '../../model/text/edit-distance';
import type { MessageFile, Placeholder } from '../syntax/ast';
import { definitionOf, referenceOf, sectionNamed } from '../syntax/names';
import { builtinOf, builtins } from '../values/builtins';
import type { CheckContext, Report } from './context';

/** Every `{{…}}` that would not have a value when it is needed. */
export function checkVariables(file: MessageFile, context: CheckContext, report: Report): void {
	const known = new Map<string, string | undefined>();
	for (const placeholder of file.placeholders) {
		const content = placeholder.content.text.trim();
		// The same name is defined the same at most places: only definitions depend on the place.
		const key = definitionOf(file, content, placeholder.start) ? undefined : content;
		const wrong = key !== undefined && known.has(key) ? known.get(key) : problem(file, placeholder, content, context);
		if (key !== undefined) known.set(key, wrong);
		if (wrong === undefined) continue;
		const names = [
			...(context.environment?.values.keys() ?? []),
			...file.sections.flatMap(({ variables }) => variables.map(({ name }) => name.text)),
		];
		const meant = content.startsWith('$') ? undefined : oneEditAway(content, names);
		report('undefined-variable', placeholder, wrong, {
			fixes: meant ? [{ title: `Change to ${meant}`, range: placeholder.content, text: meant }] : [],
		});
	}
}

function problem(
	file: MessageFile,
	{ start }: Placeholder,
	content: string,
	context: CheckContext,
): string | undefined {
	if (content === '') return 'The name between the braces is missing.';
	if (content.startsWith('$')) return builtinProblem(content, context);
	if (definitionOf(file, content, start) || context.environment?.values.has(content)) return undefined;
	const reference = referenceOf(content);
	if (!reference) return context.environment && `The variable "${content}" is not defined.`;
	const section = sectionNamed(file, reference.request);
	if (!section?.request) return `No request is named "${reference.request}".`;
	return section.request.start > start ? `The request "${reference.request}" runs after this one.` : undefined;
}

function builtinProblem(content: string, { around }: CheckContext): string | undefined {
	const call = builtinOf(content);
	if (!call) {
		const name = /^\$(\S*)/.exec(content)?.[1] ?? '';
		const meant = oneEditAway(
			name,
			builtins.map((builtin) => builtin.name),
		);
		return `There is no $${name}.${meant ? ` Did you mean $${meant}?` : ''}`;
	}
	try {
		call.builtin.run(call.args, { now: () => 0, random: (bytes) => new Uint8Array(bytes), ...around });
		return undefined;
	} catch (error) {
		return toFailure(error).message;
	}
}
