import { toFailure } from '../../base/failure';
import { createWindow } from '../../base/window';
import { openTarget, type Target } from '../../direct/open';
import { headLine, recordedLine } from '../../lines/recording';
import type { Draft } from '../../model/contracts/message';
import { keepingVerb } from '../../node/stored-recordings';
import { type ListenOptions, listen } from './listen';

export interface RecordToOptions extends Omit<ListenOptions, 'writer'> {
	/** The connection that keeps the recording, and the target there. */
	to: Target;
	place: string;
}

const counted = (count: number) => `${count.toLocaleString('en')} ${count === 1 ? 'message' : 'messages'}`;

/** Lines without a receipt; beyond them, lines wait here. */
const maxPending = 1000;
const maxPendingBytes = 8 * 1024 * 1024;
/** Bytes of lines that wait. What comes while they are full is counted as lost. */
const maxWaiting = 64 * 1024 * 1024;

/**
 * Records the messages that arrive into a target of another connection: each line is a message there, the head first. Ends as
 * `listen` does. Returns the exit code.
 */
export async function recordTo({ to, place, ...options }: RecordToOptions): Promise<number> {
	const { say } = options;
	const { profile, description } = options.target;
	const verb = keepingVerb(to.description);
	const opened = await openTarget(to);
	opened.onMessage(() => {});
	const started = Date.now();
	const draft = (line: string): Draft => ({
		...{ verb: verb.id, target: place, values: { ...verb.keeps } },
		payload: Buffer.from(line.slice(0, -1)),
	});
	const window = createWindow(maxPending, maxPendingBytes);
	const counts = { kept: 0, lost: 0 };
	let waiting: Draft[] = [];
	let waitingBytes = 0;
	let isPumping = false;
	let pumped: Promise<void> = Promise.resolve();
	let problem: string | undefined;
	let closed: () => void = () => {};

	function lost(reason: string): void {
		counts.lost++;
		if (problem === undefined) say(`A message could not be recorded: ${reason}`);
		problem ??= reason;
	}

	async function pump(): Promise<void> {
		while (waiting.length > 0) {
			// Taking the first of many at a time would move all others.
			const batch = waiting;
			waiting = [];
			for (const next of batch) {
				send(next);
				const full = window.full();
				if (full) await full;
			}
		}
		isPumping = false;
	}

	function send(one: Draft): void {
		waitingBytes -= one.payload.length;
		const done = window.add(one.payload.length);
		opened.session.send(one).then(
			({ proof, text }) => {
				if (proof === 'acknowledged') counts.kept++;
				else lost(text);
				done();
			},
			(error) => {
				lost(toFailure(error).message);
				done();
			},
		);
	}

	function write(line: string): void {
		const one = draft(line);
		if (waitingBytes + one.payload.length > maxWaiting) {
			lost('They arrive faster than they are acknowledged there.');
			return;
		}
		waiting.push(one);
		waitingBytes += one.payload.length;
		if (isPumping) return;
		isPumping = true;
		pumped = pump();
	}

	void opened.ended.then((failure) => {
		if (failure) say(failure.message);
		closed();
	});
	try {
		const head = { protocol: description.id, connection: profile.name, url: profile.url, started };
		const { proof, text } = await opened.session.send(draft(headLine(head)));
		if (proof !== 'acknowledged') {
			say(`Nothing is recorded: ${text}`);
			return 3;
		}
		const code = await listen({
			...options,
			writer: {
				write: (message) => write(recordedLine(description, message, { time: Date.now(), started })),
				flush() {},
				onClosed(action) {
					closed = action;
				},
			},
		});
		await pumped;
		await window.empty();
		const missing = counts.lost > 0 ? `, ${counts.lost.toLocaleString('en')} were lost` : '';
		say(`Recorded ${counted(counts.kept)} in ${place} of ${to.profile.name}${missing}.`);
		return counts.lost > 0 ? 1 : code;
	} finally {
		await opened.close();
	}
}
