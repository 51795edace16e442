import { fromTemplate, inBytes } from '../../shared/commands/nats';
import { linesOf, type Message, message, type Sketch } from '../../shared/commands/sketch';

/** The options of a command, and what is left of them once the connection is known. */
export interface Command {
	/** The words behind the subcommand. */
	rest: string[];
	set: [string, ...string[]][];
	sketch: Sketch;
	input?: Message;
}

/** Seconds of a duration such as "1m30s" (Go, time.ParseDuration); undefined if it is none. */
export function seconds(duration: string): number | undefined {
	const units: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 };
	if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d))+$/.test(duration)) return undefined;
	let sum = 0;
	for (const [, digits, unit = ''] of duration.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g))
		sum += Number(digits) * (units[unit] ?? 0);
	return Number(sum.toFixed(6));
}

/** The message of a command: its words, or its input, of which each line is one with `--send-on newline`. */
export const bodyOf = ({ input, set }: Command, words: readonly string[], template: boolean): Message[] => {
	const decode = template ? fromTemplate : (text: string) => text;
	if (words.length > 0) return [message(decode(words.join(' ')))];
	if (!input || 'file' in input) return input ? [input] : [];
	const bytes = inBytes(input.bytes, decode);
	return isByLine(set) ? linesOf(bytes) : [{ bytes }];
};

export const isByLine = (set: Command['set']) =>
	set.some(([name, value]) => name === '--send-on' && value === 'newline');
