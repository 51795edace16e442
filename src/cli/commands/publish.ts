import { sentence } from '../../base/sentence';
import { openTarget, type Target } from '../../direct/open';
import { createLineReader } from '../../lines/read';
import type { Draft } from '../../model/contracts/message';
import type { ProtocolDescription, Verb } from '../../protocols/description';
import { headerValues } from '../headers';
import { messagesOf } from '../io/input';
import { createSendWindow } from '../io/send-window';
import { UsageError } from './usage';

export interface PublishOptions {
	target: Target;
	/** The target of the messages; with JSON, that of lines without their own. */
	subject?: string;
	headers: readonly string[];
	format: 'json' | 'lines' | 'raw';
	/** Sent instead of the input. */
	message?: string;
	input: AsyncIterable<Uint8Array>;
	signal: AbortSignal;
	/** Writes a line to standard error. */
	say(text: string): void;
}

/** Sends the messages of the input in order and waits for every receipt. Returns the exit code. */
export async function publish(options: PublishOptions): Promise<number> {
	const draftOf = draftReader(options);
	const opened = await openTarget(options.target);
	const window = createSendWindow((draft) => opened.session.send(draft), options.say);
	// Incoming messages are ignored while publishing.
	opened.onMessage(() => {});
	const ended = opened.ended.then((failure) => failure ?? { code: 'closed', message: 'The connection was closed.' });
	const broken = new AbortController();
	void ended.then(() => broken.abort());
	// The end of the connection also ends a wait for input.
	const stop = AbortSignal.any([options.signal, broken.signal]);
	let number = 0;
	try {
		for await (const batch of inputOf(options, stop)) {
			for (const piece of batch) {
				// Nothing is sent after an abort: the last line may be incomplete.
				if (stop.aborted) break;
				number++;
				const draft = draftOf(piece);
				if (!draft) continue;
				if (typeof draft === 'string') {
					options.say(sentence(`Line ${number}: ${draft}`));
					await window.settled();
					return 2;
				}
				const full = window.send(draft, number);
				if (full) await full;
			}
			if (stop.aborted) break;
		}
		await window.settled();
		if (broken.signal.aborted) {
			options.say(`${(await ended).message} ${window.summary()}`);
			return 3;
		}
		if (window.failed > 0) options.say(window.summary());
		return window.failed > 0 ? 1 : 0;
	} finally {
		await opened.close();
	}
}

function inputOf({ message, format, input }: PublishOptions, signal: AbortSignal): AsyncIterable<Uint8Array[]> {
	if (message === undefined) return messagesOf(input, format === 'raw' ? 'whole' : 'lines', signal);
	return (async function* () {
		yield [Buffer.from(message)];
	})();
}

/**
 * Makes the draft of a piece of input; a string: what is wrong with the line; undefined: a line of a recording that is no
 * message. Throws a UsageError for the arguments.
 */
function draftReader(options: PublishOptions): (piece: Uint8Array) => Draft | string | undefined {
	const { description } = options.target;
	const { verb: given, ...values } = headerValues(options.headers, 'PUBLISH', description);
	const verb = verbOf(description, options, given);
	const target = options.subject ?? '';
	if (options.format !== 'json' || options.message !== undefined)
		return (payload) => ({ verb: verb.id, target, values, payload });
	const read = createLineReader(verb, description.files?.received);
	return (line) => {
		try {
			const message = read(line);
			if (!message) return undefined;
			const all = { ...message.values, ...values };
			return { verb: verb.id, target: options.subject ?? message.target ?? '', values: all, payload: message.payload };
		} catch (error) {
			return error instanceof Error ? error.message : String(error);
		}
	};
}

function verbOf(
	{ verbs, label, words }: ProtocolDescription,
	{ subject, format, message }: PublishOptions,
	given: unknown,
): Verb {
	const verb = verbs.find(({ id }) => id === given) ?? verbs[0];
	if (!verb) throw new UsageError(`${label} cannot send.`);
	if (verb.target === 'none' && subject !== undefined) throw new UsageError(`${label} takes no ${words.target}.`);
	if (verb.target === 'required' && subject === undefined && (format !== 'json' || message !== undefined))
		throw new UsageError(`Which ${words.target}? Give it after the connection.`);
	const wrong = subject === undefined ? undefined : verb.checkTarget(subject);
	if (wrong) throw new UsageError(wrong);
	return verb;
}
