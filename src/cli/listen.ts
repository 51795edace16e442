import { FailureError } from '../base/failure';
import { headerValues } from './headers';
import { toLine } from './json-lines';
import { openTarget } from './open';
import { createOutput } from './output';
import type { Target } from './target';
import { UsageError } from './usage';

export interface ListenOptions {
	target: Target;
	subjects: readonly string[];
	headers: readonly string[];
	format: 'json' | 'lines' | 'raw';
	count?: number;
	/** Milliseconds. */
	timeout?: number;
	signal: AbortSignal;
	say(text: string): void;
}

/** Writes what arrives until stopped, enough has come, or nobody reads any more. Returns the exit code. */
export async function listen(options: ListenOptions): Promise<number> {
	const { description } = options.target;
	const { subscription } = description;
	if (subscription && options.subjects.length === 0)
		throw new UsageError(`Which ${description.words.targets}? For example: listen … "${subscription.placeholder}"`);
	if (!subscription && options.subjects.length > 0)
		throw new UsageError(`${description.label} receives everything: it takes no ${description.words.target}.`);
	for (const subject of options.subjects) {
		const wrong = subscription?.check(subject);
		if (wrong) throw new UsageError(wrong);
	}
	const values = headerValues(options.headers, 'SUBSCRIBE', description);
	const output = createOutput();
	const opened = await openTarget(options.target);
	try {
		return await new Promise<number>((resolve, reject) => {
			let left = options.count ?? Number.POSITIVE_INFINITY;
			const done = () => resolve(0);
			output.onClosed(done);
			options.signal.addEventListener('abort', done);
			if (options.signal.aborted) done();
			if (options.timeout !== undefined) setTimeout(done, options.timeout);
			const newline = Uint8Array.of(10);
			opened.onMessage((message) => {
				if (left <= 0) return;
				left--;
				if (options.format === 'json') output.write(toLine(description, message, Date.now()));
				else {
					output.write(message.payload);
					if (options.format === 'lines') output.write(newline);
				}
				if (left === 0) done();
			});
			void opened.ended.then((failure) => (failure ? reject(new FailureError(failure)) : done()));
			Promise.all(options.subjects.map((target) => opened.session.subscribe({ target, ...values }))).then((states) => {
				for (const { subscription: one, detail } of states)
					options.say(`Listening to ${one.target}${detail ? ` (${detail})` : ''}`);
				if (states.length === 0) options.say('Listening');
			}, reject);
		});
	} finally {
		output.flush();
		await opened.close();
		output.flush();
	}
}
