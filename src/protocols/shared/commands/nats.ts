import { type LeftOut, messagesOf } from './literals';
import { asWord, commandLine, scriptOf } from './shell';
import { type Sketch, textOf } from './sketch';

/** The command reads bodies and headers as Go templates, in which this stands for two braces. */
const braces = '{{"{{"}}';
export const toTemplate = (text: string) => text.replaceAll('{{', braces);
export const fromTemplate = (text: string) => text.replaceAll(braces, '{{');
/** Applies a change of ASCII text to bytes that need not be text. */
export const inBytes = (bytes: Uint8Array, change: (text: string) => string): Uint8Array =>
	Uint8Array.from(change(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')), (one) => one.charCodeAt(0));

/** How the requests of a protocol are expressed with the command line of NATS. */
export interface NatsForm {
	/** The words of the command without its options: program and subcommand. */
	command: readonly string[];
	/** URL of the server; undefined: that of the command's selected context. */
	server?: string;
	/** Undefined for a target that no subject stands for. */
	subject: string | undefined;
	/** By the header in lower case: the option of the command, or the header of the message, that it stands for. */
	options?: Readonly<Record<string, string>>;
	/** Further options. */
	more?: readonly string[];
	/** Headers, in lower case, that NATS does not have. */
	unsupported?: readonly string[];
	/** Headers, in lower case, that the command does not need. */
	unneeded?: readonly string[];
	/** The command receives: it takes no message. */
	receives?: boolean;
}

/** Undefined for a subject that the command cannot take. */
export function writeNats(sketch: Sketch, form: NatsForm): string | undefined {
	const { command, server, subject, options: known = {}, more = [], unsupported = [], unneeded = [] } = form;
	// Newer versions read the subject as a template as well; the word "--" is never one of the arguments.
	if (subject === undefined || subject === '' || subject === '--' || subject.includes('{{')) return undefined;
	const options = server === undefined ? [] : ['-s', server];
	if (sketch.username !== undefined) options.push(...flag('--user', sketch.username), '--password', 'PASSWORD');
	options.push(...more);
	const left: LeftOut[] = [];
	for (const [name, value, kind] of sketch.headers) {
		const plain = kind === 'message' ? '' : name.toLowerCase();
		const option = Object.hasOwn(known, plain) ? known[plain] : undefined;
		const header = option?.startsWith('-') ? undefined : (option ?? name);
		if (unneeded.includes(plain)) continue;
		if (unsupported.includes(plain)) left.push([`${name} ${value}`, 'which NATS does not have']);
		else if (option !== undefined && header === undefined) options.push(...flag(option, value));
		// The command splits at the first colon and trims both ends.
		else if (header === undefined || header.includes(':') || header.trim() !== header || value.trim() !== value)
			left.push([`${name}: ${value}`, 'which nats cannot send']);
		else if (form.receives) left.push([`${name} ${value}`, 'which the command has no option for']);
		else options.push(...flag('-H', `${header}:${toTemplate(value)}`));
	}
	/** Adds the arguments behind the options, after "--" if one looks like an option or like a file of options. */
	const line = (rest: string[], first: string[] = []) => [
		...command,
		...first,
		...options,
		...(rest.some((text) => /^[-@]/.test(text)) ? ['--'] : []),
		...rest,
	];
	if (form.receives) return scriptOf(left, [commandLine(line([subject]))]);
	const commands = messagesOf(sketch).map((one) => {
		const text = textOf(one);
		const written = text === undefined ? undefined : toTemplate(text);
		// The command has another meaning for these two words.
		if (text === '' || (asWord(written) && !['--', '!nil!'].includes(written)))
			return commandLine(line([subject, written ?? '']));
		const input = 'bytes' in one ? { bytes: inBytes(one.bytes, toTemplate) } : one;
		return commandLine(line([subject], ['--force-stdin']), input);
	});
	return scriptOf(left, commands);
}

/** The subcommand for a verb of message files. */
export const subcommandOf = ({ verb }: Sketch): 'sub' | 'request' | 'pub' =>
	verb === 'REQUEST' ? 'request' : verb === 'SUBSCRIBE' ? 'sub' : 'pub';

/** The options for the limits of a request: a number of messages, or the time to wait for an answer. */
export const limitsOf = (sketch: Sketch): string[] =>
	(sketch.metadata ?? []).flatMap(([name, value]) =>
		name === 'maxMessages' && subcommandOf(sketch) === 'sub'
			? flag('--count', value)
			: name === 'timeout' && subcommandOf(sketch) === 'request'
				? flag('--timeout', value)
				: [],
	);

/** An option with its value, which may look like an option or like a file of options. */
export const flag = (name: string, value: string): string[] =>
	/^[-@]/.test(value) ? [`${name === '-H' ? '--header' : name}=${value}`] : [name, value];
