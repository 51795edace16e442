/** A word of a command line as a POSIX shell reads it, safe for every text without NUL. */
export function quote(text: string): string {
	if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text)) return text;
	return `'${text.replace(/'/g, `'\\''`)}'`;
}

/** A command that writes exactly these bytes: octal escapes are what every `printf` knows (POSIX, printf). */
export function printf(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) {
		const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x25 && byte !== 0x27 && byte !== 0x5c;
		text += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
	}
	return `printf '${text}'`;
}

/** The words of one command (POSIX shell, 2.2), with `$'…'` of bash. Throws a sentence for what only a shell can do. */
export function splitCommand(line: string): string[] {
	const words: string[] = [];
	let word: string | undefined;
	const add = (text: string) => {
		word = (word ?? '') + text;
	};
	const text = line.replace(/\\\r?\n/g, ' ');
	for (let at = 0; at < text.length; at++) {
		const one = text.charAt(at);
		if (/\s/.test(one)) {
			if (word !== undefined) words.push(word);
			word = undefined;
		} else if (one === "'") {
			const end = text.indexOf("'", at + 1);
			if (end === -1) throw new Error('A quote is not closed.');
			add(text.slice(at + 1, end));
			at = end;
		} else if (one === '"') {
			const inner = /^(?:[^"\\]|\\[\s\S])*/.exec(text.slice(at + 1))?.[0] ?? '';
			if (text.charAt(at + 1 + inner.length) !== '"') throw new Error('A quote is not closed.');
			add(inner.replace(/\\([$`"\\])/g, '$1'));
			at += inner.length + 1;
		} else if (one === '$' && text.charAt(at + 1) === "'") {
			const inner = /^(?:[^'\\]|\\[\s\S])*/.exec(text.slice(at + 2))?.[0] ?? '';
			add(unescaped(inner));
			at += inner.length + 2;
		} else if (one === '\\') add(text.charAt(++at));
		else if ('|;&<>'.includes(one)) throw new Error(`"${one}" needs a shell: paste the one command without it.`);
		else add(one);
	}
	if (word !== undefined) words.push(word);
	// A prompt that was copied, too.
	return words[0] === '$' ? words.slice(1) : words;
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b' };

function unescaped(text: string): string {
	return text.replace(/\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[0-7]{1,3}|[\s\S])/g, (_, one: string) => {
		if (/^[xu]./.test(one)) return String.fromCharCode(Number.parseInt(one.slice(1), 16));
		if (/^[0-7]/.test(one)) return String.fromCharCode(Number.parseInt(one, 8));
		return escapes[one] ?? one;
	});
}

/** How many words an option takes. `names`: every spelling. */
export interface Option {
	names: readonly string[];
	takes?: number;
}

/** Options and the rest of a command's words. `-h host`, `-hhost`, `--host host`, `--host=host`. */
export function readOptions(
	words: readonly string[],
	options: readonly Option[],
): { given: [string, ...string[]][]; rest: string[]; unknown: string[] } {
	const given: [string, ...string[]][] = [];
	const rest: string[] = [];
	const unknown: string[] = [];
	for (let at = 0; at < words.length; at++) {
		const word = words[at] as string;
		if (word === '--') {
			rest.push(...words.slice(at + 1));
			break;
		}
		if (!/^-./.test(word)) {
			rest.push(word);
			continue;
		}
		const equals = word.startsWith('--') ? word.indexOf('=') : -1;
		const long = equals === -1 ? word : word.slice(0, equals);
		const exact = options.find(({ names }) => names.includes(long));
		const glued =
			exact || word.startsWith('--') ? undefined : options.find(({ names }) => names.includes(word.slice(0, 2)));
		const option = exact ?? glued;
		if (!option) {
			unknown.push(word);
			continue;
		}
		const takes = option.takes ?? 0;
		const values: string[] = [];
		if (equals !== -1) values.push(word.slice(equals + 1));
		else if (!exact && takes > 0) values.push(word.slice(2));
		// "-rn" is "-r -n".
		else if (!exact && word.length > 2) {
			given.push([option.names[0] as string]);
			const [first, ...others] = [`-${word.slice(2)}`, ...words.slice(at + 1)];
			const inner = readOptions([first as string, ...others], options);
			return {
				given: [...given, ...inner.given],
				rest: [...rest, ...inner.rest],
				unknown: [...unknown, ...inner.unknown],
			};
		}
		while (values.length < takes && at + 1 < words.length) values.push(words[++at] as string);
		given.push([option.names[0] as string, ...values]);
	}
	return { given, rest, unknown };
}
