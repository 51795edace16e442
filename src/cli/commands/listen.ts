import { type Failure, FailureError, toFailure } from '../../base/failure';
import { type Arrival, openTarget, type Target } from '../../direct/open';
import { receivingMode } from '../../files/values/sending-verb';
import { toLine } from '../../lines/write';
import type { Subscription } from '../../model/profile/profile';
import type { ProtocolDescription } from '../../protocols/description';
import { headerValues } from '../headers';
import { createOutput, failureText } from '../io/output';
import { UsageError } from './usage';

export interface ListenOptions {
	target: Target;
	subjects: readonly string[];
	headers: readonly string[];
	writer: Writer;
	count?: number;
	/** Milliseconds. */
	timeout?: number;
	signal: AbortSignal;
	/** Writes a line to standard error. */
	say(text: string): void;
}

/** Where messages go. */
export interface Writer {
	write(message: Arrival): void;
	/** Writes what is buffered. */
	flush(): void;
	/** Calls this when nothing more can be written. */
	onClosed(action: () => void): void;
}

/** Writes messages to standard output. */
export function formatWriter(format: 'json' | 'lines' | 'raw', description: ProtocolDescription): Writer {
	const output = createOutput();
	const newline = Uint8Array.of(10);
	return {
		write(message) {
			if (format === 'json') output.write(toLine(description, message, Date.now()));
			else {
				output.write(message.payload);
				if (format === 'lines') output.write(newline);
			}
		},
		flush: output.flush,
		onClosed: output.onClosed,
	};
}

/**
 * Writes the messages that arrive until the user stops it, there are enough, the last subscription ends, or the output is
 * closed. Returns the exit code.
 */
export async function listen(options: ListenOptions): Promise<number> {
	const { writer } = options;
	const subscriptions = subscriptionsOf(options);
	const opened = await openTarget(options.target);
	try {
		return await new Promise<number>((resolve, reject) => {
			let left = options.count ?? Number.POSITIVE_INFINITY;
			let active = subscriptions.length;
			let hasFailed = false;
			const done = () => resolve(hasFailed ? 1 : 0);
			const ended = (failure: Failure) => {
				options.say(failureText(failure));
				hasFailed ||= !failure.end?.normal;
				active--;
				// The connection itself may have ended, which is reported next and has its own exit code.
				if (active === 0) setTimeout(done, linkEndsWithin);
			};
			writer.onClosed(done);
			options.signal.addEventListener('abort', done);
			if (options.signal.aborted) done();
			if (options.timeout !== undefined) setTimeout(done, options.timeout);
			opened.onMessage((message) => {
				// The answer to a request of this connection, such as joining a room, is no message.
				if (left <= 0 || message.answers !== undefined) return;
				left--;
				writer.write(message);
				if (left === 0) done();
			});
			opened.onSubscriptionEnd((_, failure) => ended(failure));
			opened.onBadNote(options.say);
			void opened.ended.then((failure) => {
				if (failure && !failure.end?.normal) return reject(new FailureError(failure));
				if (failure) options.say(failureText(failure));
				done();
			});
			for (const subscription of subscriptions)
				opened.session.subscribe(subscription).then(
					({ detail }) => options.say(`Listening to ${subscription.target}${detail ? ` (${detail})` : ''}`),
					(error) => ended(toFailure(error)),
				);
			if (subscriptions.length === 0) options.say('Listening');
		});
	} finally {
		writer.flush();
		await opened.close();
		writer.flush();
	}
}

/** Milliseconds from the end of the last subscription until the end of its connection would be known. */
const linkEndsWithin = 200;

/** Throws a UsageError if the targets cannot be received, or not with the given mode. */
function subscriptionsOf({ target: { description }, subjects, headers }: ListenOptions): Subscription[] {
	const { subscription, words } = description;
	if (!subscription && subjects.length > 0)
		throw new UsageError(`${description.label} receives everything: it takes no ${words.target}.`);
	if (subscription && !subscription.unasked && subjects.length === 0)
		throw new UsageError(`Which ${words.targets}? For example: listen … "${subscription.placeholder}"`);
	if (subjects.length === 0 && headers.length > 0)
		throw new UsageError(`"${headers[0]}" has no effect without a ${words.target}.`);
	return [...new Set(subjects)].map((target) => {
		const { mode: named, ...values } = headerValues(headers, 'SUBSCRIBE', description, target);
		const mode = receivingMode('SUBSCRIBE', description, target, typeof named === 'string' ? named : undefined);
		const wrong = subscription?.check(target, mode?.id);
		if (wrong) throw new UsageError(`${wrong}${otherWay(description, target)}`);
		return { target, ...values, ...(mode && { mode: mode.id }) };
	});
}

/** The mode that accepts the target. One that affects other consumers is only suggested, never chosen. */
function otherWay({ subscription }: ProtocolDescription, target: string): string {
	const other = subscription?.modes?.find(({ id }) => subscription.check(target, id) === undefined);
	return other ? ` With -H "Mode: ${other.id}": ${other.sideEffect}` : '';
}
