/** The name of a program without its path, and without the ending that it has on Windows. */
export const nameOf = (word: string | undefined) =>
	((word ?? '').split(/[/\\]/).pop() ?? '').replace(/\.(?:bat|cmd|exe)$/i, '');

const containers = ['docker', 'podman', 'nerdctl', 'docker-compose', 'kubectl', 'oc'];
/** Options of these that take no value. */
const isFlag = (word: string) => /^(?:-[itdT]+|--(?:rm|tty|stdin|interactive|init|privileged|detach))$/.test(word);

/**
 * The program that a command starts in the end, behind variables for its environment, `sudo`, `npx`, `docker exec`,
 * `docker run`, `docker compose exec` and `kubectl exec`. `dropped`: what stands in front of it, without values, which may be
 * secrets.
 */
export function programOf(
	words: readonly string[],
	isKnown: (name: string) => boolean,
): { words: string[]; dropped: string[] } {
	let rest = [...words];
	const dropped: string[] = [];
	for (;;) {
		const [first = ''] = rest;
		const [, variable] = /^([A-Za-z_]\w*)=/.exec(first) ?? [];
		if (variable === undefined && !['sudo', 'npx', 'time'].includes(first)) break;
		if (variable !== undefined) dropped.push(`${variable}=`);
		rest = rest.slice(1);
	}
	const container = nameOf(rest[0]);
	if (!containers.includes(container)) return { words: rest, dropped };
	const end = rest.indexOf('--');
	const at = end === -1 ? programIn(rest, isKnown) : end + 1;
	if (at === -1 || !isKnown(nameOf(rest[at]))) {
		// The image of the program itself starts it.
		const image = rest.findIndex(
			(one, index) => index > 0 && !isValue(rest, index) && isKnown(nameOf(one).replace(/[:@].*$/, '')),
		);
		if (image === -1 || !rest.includes('run')) return { words: rest, dropped };
		const name = nameOf(rest[image]).replace(/[:@].*$/, '');
		return { words: [name, ...rest.slice(image + 1)], dropped: [...dropped, `${container} run`] };
	}
	const action = rest.slice(0, at).find((one) => one === 'exec' || one === 'run') ?? '';
	return { words: rest.slice(at), dropped: [...dropped, `${container} ${action}`.trim()] };
}

/** Whether a word is the value of an option in front of it. */
function isValue(words: readonly string[], at: number): boolean {
	const before = words[at - 1] ?? '';
	return before.startsWith('-') && !before.includes('=') && !isFlag(before);
}

/** Index of the program, whose container may have the same name. */
function programIn(words: readonly string[], isKnown: (name: string) => boolean): number {
	const at = words.findIndex((one, index) => index > 0 && isKnown(nameOf(one)) && !isValue(words, index));
	return at !== -1 && isKnown(nameOf(words[at + 1])) ? at + 1 : at;
}
