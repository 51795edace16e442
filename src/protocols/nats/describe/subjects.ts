/** In bytes. Servers do not state their limit of a line (max_control_line, 4,096 by default), which has a reply subject as well. */
const maxSubject = 4000;

/** One sentence that says why no message can be published to the subject, or undefined. */
export function checkSubject(subject: string): string | undefined {
	const wrong = checkTokens(subject, 'subject');
	if (wrong) return wrong;
	const wildcard = subject.split('.').find((token) => token === '*' || token === '>');
	return wildcard && `"${wildcard}" is a wildcard: a message goes to one subject, without * and >.`;
}

/** One sentence that says why the subject cannot be subscribed to, or undefined. `what`: in sentences. */
export function checkFilter(filter: string, what = 'subject'): string | undefined {
	const wrong = checkTokens(filter, what);
	if (wrong) return wrong;
	const tokens = filter.split('.');
	if (tokens.slice(0, -1).includes('>')) return `">" can only be the last token of a ${what}.`;
	return undefined;
}

function checkTokens(subject: string, what: string): string | undefined {
	if (subject === '') return `The ${what} is empty.`;
	if (/\p{Surrogate}/u.test(subject))
		return `The ${what} contains half a character (a lone surrogate), which UTF-8 cannot express.`;
	if (/[\s\p{Cc}]/u.test(subject)) return `The ${what} contains a space or a control character, which NATS forbids.`;
	const size = subject.length > maxSubject / 4 ? new TextEncoder().encode(subject).length : 0;
	if (size > maxSubject)
		return `The ${what} has ${size.toLocaleString('en')} bytes. Servers end the connection after a line of more than 4,096.`;
	if (subject.split('.').includes(''))
		return `The ${what} has an empty token, since it starts or ends with "." or has "..".`;
	return undefined;
}

/** Compiles a subject with wildcards to a test of subjects. Throws a sentence if it is not valid. */
export function compileFilter(filter: string): (subject: string) => boolean {
	const wrong = checkFilter(filter);
	if (wrong) throw new Error(wrong);
	if (!isWildcard(filter)) return (subject) => subject === filter;
	const tokens = filter.split('.');
	const open = tokens.at(-1) === '>';
	if (open) tokens.pop();
	return (subject) => {
		let start = 0;
		for (const token of tokens) {
			// The subject has fewer tokens than the filter.
			if (start > subject.length) return false;
			const dot = subject.indexOf('.', start);
			const end = dot === -1 ? subject.length : dot;
			if (token !== '*' && (end - start !== token.length || !subject.startsWith(token, start))) return false;
			start = end + 1;
		}
		// ">" stands for one token at least.
		return open ? start <= subject.length : start > subject.length;
	};
}

export const isWildcard = (filter: string): boolean => /(^|\.)[*>](\.|$)/.test(filter);

/** Whether a subject is one of the system or of clients' replies, which wildcards leave out unless asked for. */
export const isInternal = (subject: string): boolean =>
	subject.charCodeAt(0) === 0x24 || subject.startsWith('_INBOX.') || subject.startsWith('_R_.');

/** One sentence that says what is wrong with the name of a stream, consumer, bucket or object store, or undefined. */
export function checkName(name: string, what: string): string | undefined {
	if (name === '') return `The name of the ${what} is empty.`;
	if (/[\s.*>/\\\p{Cc}\p{Surrogate}]/u.test(name))
		return `The name of a ${what} cannot contain spaces, control characters or . * > / \\.`;
	return undefined;
}

/** The parts of "STREAM/consumer"; undefined if the text is not of this form. */
export function consumerOf(target: string): { stream: string; consumer: string } | undefined {
	const [stream = '', consumer = '', ...more] = target.split('/');
	const isValid = more.length === 0 && !checkName(stream, 'stream') && !checkName(consumer, 'consumer');
	return isValid ? { stream, consumer } : undefined;
}
