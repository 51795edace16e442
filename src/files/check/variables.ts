import { type Failure, toFailure } from '../../base/failure';
import { oneEditAway } from '../../model/text/nearest';
import { missingName, signatureOutsideHeader, undefinedVariable, unknownFunction } from '../failures';
import type { MessageFile, Placeholder, Range } from '../syntax/ast';
import { definitionOf, isOfRule, isRule, referenceOf, sectionNamed } from '../syntax/names';
import { verbOf } from '../syntax/words';
import { builtinOf, builtins } from '../values/builtins';
import { type CheckContext, change, type Report } from './context';

/** Reports every `{{…}}` that will have no value when it is needed. */
export function checkVariables(file: MessageFile, context: CheckContext, report: Report): void {
	/** Problems by content. Only the meaning of the file's own definitions depends on the place. */
	const cache = new Map<string, Failure | undefined>();
	for (const placeholder of file.placeholders) {
		const content = placeholder.content.text.trim();
		if (definitionOf(file, content, placeholder.start)) continue;
		const misplaced = outsideOfRule(file, placeholder, content);
		if (misplaced !== undefined) {
			if (misplaced) report(misplaced, placeholder);
			continue;
		}
		if (!cache.has(content)) cache.set(content, problemOf(file, placeholder, content, context));
		const problem = cache.get(content) ?? placeProblem(file, placeholder, content);
		if (!problem) continue;
		const names = [
			...(context.environment?.values.keys() ?? []),
			...file.sections.flatMap(({ variables }) => variables.map(({ name }) => name.text)),
		];
		const meant = content.startsWith('$') ? undefined : oneEditAway(content, names);
		report({ ...problem, code: 'undefined-variable' }, placeholder, { fixes: change(placeholder.content, meant) });
	}
}

function problemOf(
	file: MessageFile,
	{ start }: Placeholder,
	content: string,
	context: CheckContext,
): Pick<Failure, 'code' | 'message'> | undefined {
	const { environment } = context;
	if (content === '') return missingName;
	if (content.startsWith('$')) return functionProblem(content, context);
	if (environment?.values.has(content)) return undefined;
	const reference = referenceOf(content);
	if (!reference) return environment && undefinedVariable(content);
	const { request: name } = reference;
	const request = sectionNamed(file, name)?.request;
	const code = 'undefined-variable';
	if (!request) return { code, message: `No request is named "${name}".` };
	return request.start > start ? { code, message: `The request "${name}" runs after this one.` } : undefined;
}

/** The problem of a function that belongs into the headers of a message, at another place. */
function placeProblem(file: MessageFile, { start }: Placeholder, content: string): Failure | undefined {
	if (!builtinOf(content)?.builtin.ofBody) return undefined;
	const inside = (range: Range) => range.start <= start && start < range.end;
	const section = file.sections.findLast(inside);
	const { request, variables = [] } = section ?? {};
	// A variable may be used in a header.
	if (variables.some(inside)) return undefined;
	const action = request && verbOf(request.verb.text)?.action;
	const isSent = action !== 'receive' && action !== 'conversation';
	return isSent && request?.headers.some(({ value }) => inside(value)) ? undefined : signatureOutsideHeader;
}

function functionProblem(content: string, { around }: CheckContext): Failure | undefined {
	const call = builtinOf(content);
	if (!call) {
		const name = /^\$(\S*)/.exec(content)?.[1] ?? '';
		const names = builtins.map((builtin) => builtin.name);
		return unknownFunction(name, oneEditAway(name, names));
	}
	try {
		call.builtin.run(call.args, {
			now: () => 0,
			random: (bytes) => new Uint8Array(bytes),
			hmac: () => new Uint8Array(),
			body: new Uint8Array(),
			...around,
		});
		return undefined;
	} catch (error) {
		return toFailure(error);
	}
}

/**
 * The problem of a placeholder that stands for the message or the answer of a rule; false if there is none. Undefined: it
 * stands for something else.
 */
function outsideOfRule(
	file: MessageFile,
	{ start }: Placeholder,
	content: string,
): Pick<Failure, 'code' | 'message'> | false | undefined {
	const name = referenceOf(content)?.request ?? '';
	if (!isOfRule(name)) return undefined;
	const section = file.sections.findLast((one) => one.start <= start);
	// The value of a variable may be used within a rule.
	if (!section || section.variables.some((one) => one.start <= start && start < one.end)) return false;
	const { request } = section;
	if (!isRule(section)) {
		if (sectionNamed(file, name)) return undefined;
		const message = `"${name}" has a value in the steps of a rule only, that is of a request with the verb ON.`;
		return { code: 'undefined-variable', message };
	}
	const isSource = request !== undefined && start < (request.steps[0]?.start ?? 0);
	const inCondition = request?.assertions.some((one) => one.start <= start && start < one.end);
	if (!isSource || inCondition) return false;
	return { code: 'undefined-variable', message: 'The source of a rule is chosen before there is a message.' };
}
