import {
	hasVariable,
	type MessageFile,
	mayBeOption,
	type Range,
	type Request,
	type Section,
	type Token,
} from '../syntax/ast';
import { contentsIn, isOfRule, referenceOf } from '../syntax/names';
import { headerFile } from './bytes-headers';
import { plain } from './headers';
import { ruleSteps } from './steps';

/** A place of a rule where text of a message would be more than data. `what` in words: "the connection". */
export interface MessagePlace {
	what: string;
	range: Range;
}

/** The options of a request that decide where a message goes or what is done with it. */
const deciding: Readonly<Record<string, string>> = {
	connection: 'the connection',
	host: 'the connection',
	verb: 'how it is sent',
	mode: 'how it is received',
};

/** Finds the places of a rule where text of a message would choose a connection, a file, a header or a pattern. */
export function messagePlaces(file: MessageFile, section: Section): MessagePlace[] {
	const found: MessagePlace[] = [];
	const look = (what: string, range: Range) => {
		// A step has the headers of the rule that it does not write itself.
		const isKnown = found.some((one) => one.range.start === range.start);
		if (!isKnown && refersToMessage(file, range)) found.push({ what, range });
	};
	if (section.request) lookAt(section.request, look);
	for (const { section: step } of ruleSteps(section)) {
		const { request } = step;
		lookAt(request, look);
		const authority = authorityOf(request.target);
		if (authority) look('the connection', authority);
		for (const { parts } of request.steps)
			for (const part of parts) if (part.kind === 'file') look('a file', part.path);
	}
	return found;
}

function lookAt({ headers, assertions }: Request, look: (what: string, range: Range) => void): void {
	for (const header of headers) {
		const { name, value } = header;
		look('the name of a header', name);
		const what = mayBeOption(header) ? deciding[plain(name.text)] : undefined;
		if (what !== undefined) look(what, value);
		else if (value.literal === undefined && headerFile(value.text) !== undefined) look('a file', value);
	}
	for (const { expectation } of assertions)
		if (expectation?.operator === 'matches') look('a pattern', expectation.value);
}

/** The start of a target that is a URL, up to its path; the whole target where its path does not follow. */
function authorityOf(target: Token): Range | undefined {
	if (!hasVariable(target) || !/^[a-z][a-z0-9+.-]*:\/\//i.test(target.text)) return undefined;
	const path = target.text.indexOf('/', target.text.indexOf('://') + 3);
	return { start: target.start, end: path === -1 ? target.end : target.start + path };
}

/** Whether a text has the message or an answer in it, directly or through variables of the file. */
export function refersToMessage(file: MessageFile, range: Range): boolean {
	return contentsIn(file, range).some((content) => {
		const reference = referenceOf(content);
		return reference !== undefined && isOfRule(reference.request);
	});
}
