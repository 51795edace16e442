const encoder = new TextEncoder();
/** Of any string on the wire (MQTT 5, 1.5.4), in bytes of UTF-8. */
const longest = 65_535;

/** A string that UTF-8 cannot carry. */
function hasLoneSurrogate(text: string): boolean {
	return /\p{Surrogate}/u.test(text);
}

function checkText(text: string, what: string): string | undefined {
	if (text === '') return `The ${what} is empty.`;
	if (text.includes('\0')) return `The ${what} contains a NUL character, which MQTT forbids.`;
	if (hasLoneSurrogate(text)) return `The ${what} contains half a character (a lone surrogate), which MQTT forbids.`;
	// Three bytes is the most that one UTF-16 unit becomes: only long texts need counting.
	if (text.length * 3 <= longest) return undefined;
	const bytes = encoder.encode(text).length;
	if (bytes > longest)
		return `The ${what} is ${bytes.toLocaleString('en')} bytes long; MQTT allows ${longest.toLocaleString('en')}.`;
	return undefined;
}

/** What is wrong with a topic to publish to (MQTT 5, 4.7), in one sentence. */
export function checkTopic(topic: string): string | undefined {
	const wrong = checkText(topic, 'topic');
	if (wrong) return wrong;
	const wildcard = /[+#]/.exec(topic)?.[0];
	return wildcard ? `"${wildcard}" is a wildcard: a message goes to one topic, without + and #.` : undefined;
}

/** What is wrong with a subscription's filter (MQTT 5, 4.7 and 4.8.2 for shared ones), in one sentence. */
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
 * A filter as a test of topics (MQTT 5, 4.7): "sport/#" fits "sport" too, and a wildcard at the start does not fit
 * topics that start with "$" (4.7.2). Of a shared subscription, the filter after the group counts. Throws a sentence.
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
			// Past the end: the topic has fewer levels than the filter.
			if (start > topic.length) return false;
			const slash = topic.indexOf('/', start);
			const end = slash === -1 ? topic.length : slash;
			if (level !== '+' && (end - start !== level.length || !topic.startsWith(level, start))) return false;
			start = end + 1;
		}
		return open || start > topic.length;
	};
}
