const encoder = new TextEncoder();
/** The longest string on the wire, in bytes of UTF-8 (MQTT 5, 1.5.4). */
const longest = 65_535;

/** UTF-8 cannot encode such a text. */
function hasLoneSurrogate(text: string): boolean {
	return /\p{Surrogate}/u.test(text);
}

function checkText(text: string, what: string): string | undefined {
	if (text === '') return `The ${what} is empty.`;
	if (text.includes('\0')) return `The ${what} contains a NUL character, which MQTT forbids.`;
	if (hasLoneSurrogate(text)) return `The ${what} contains half a character (a lone surrogate), which MQTT forbids.`;
	// A UTF-16 unit takes at most three bytes in UTF-8, so only long texts are counted.
	if (text.length * 3 <= longest) return undefined;
	const bytes = encoder.encode(text).length;
	if (bytes > longest)
		return `The ${what} is ${bytes.toLocaleString('en')} bytes long; MQTT allows ${longest.toLocaleString('en')}.`;
	return undefined;
}

/** One sentence that says why a topic cannot be published to (MQTT 5, 4.7), or undefined. */
export function checkTopic(topic: string): string | undefined {
	const wrong = checkText(topic, 'topic');
	if (wrong) return wrong;
	const wildcard = /[+#]/.exec(topic)?.[0];
	return wildcard ? `"${wildcard}" is a wildcard: a message goes to one topic, without + and #.` : undefined;
}

/** One sentence that says why a topic filter is not valid (MQTT 5, 4.7; 4.8.2 for shared subscriptions), or undefined. */
export function checkFilter(filter: string): string | undefined {
	const wrong = checkText(filter, 'topic filter');
	if (wrong) return wrong;
	if (filter !== '$share' && !filter.startsWith('$share/')) return checkWildcards(filter);
	const [, group, ...rest] = filter.split('/');
	if (!group) return 'A shared subscription needs a group name: $share/group/filter.';
	if (/[+#]/.test(group)) return 'The group name of a shared subscription cannot contain + or #.';
	if (rest.join('/') === '') return 'A shared subscription needs a topic filter after its group: $share/group/filter.';
	return checkWildcards(rest.join('/'));
}

function checkWildcards(filter: string): string | undefined {
	const levels = filter.split('/');
	for (const [index, level] of levels.entries()) {
		if (level.includes('#')) {
			if (level !== '#') return `"#" must stand alone in its level, as in "a/#"; here it is part of "${level}".`;
			if (index < levels.length - 1) return '"#" can only be the last level of a topic filter.';
		}
		if (level.includes('+') && level !== '+')
			return `"+" must stand alone in its level, as in "a/+/b"; here it is part of "${level}".`;
	}
	return undefined;
}

/**
 * Compiles a topic filter to a test of topics (MQTT 5, 4.7): "sport/#" also matches "sport", and a wildcard at the start
 * does not match topics that start with "$" (4.7.2). For a shared subscription, the filter after the group counts. Throws
 * a sentence if the filter is not valid.
 */
export function compileFilter(filter: string): (topic: string) => boolean {
	const wrong = checkFilter(filter);
	if (wrong) throw new Error(wrong);
	const plain = filter.startsWith('$share/') ? filter.split('/').slice(2).join('/') : filter;
	if (!/[+#]/.test(plain)) return (topic) => topic === plain;
	const levels = plain.split('/');
	const open = levels.at(-1) === '#';
	if (open) levels.pop();
	const hidden = plain.startsWith('+') || plain.startsWith('#');
	return (topic) => {
		if (hidden && topic.startsWith('$')) return false;
		let start = 0;
		for (const level of levels) {
			// The topic has fewer levels than the filter.
			if (start > topic.length) return false;
			const slash = topic.indexOf('/', start);
			const end = slash === -1 ? topic.length : slash;
			if (level !== '+' && (end - start !== level.length || !topic.startsWith(level, start))) return false;
			start = end + 1;
		}
		return open || start > topic.length;
	};
}
