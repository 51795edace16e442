import type { Remote } from '../../../src/base/rpc';
import type { ReadApi } from '../../../src/model/contracts/engine-api';
import type { ChartField, Series, SeriesEnd, SeriesQuery } from '../../../src/model/contracts/message';
import { fieldKey } from './chart-state';

/** Maximum number of points of a field; the latest are kept. */
export const maxPoints = 2000;
/** Maximum number of new points in one answer: decoding all messages of a flood would slow the session down. */
const maxNew = 200;
/** Minimum time between two queries for the same field, in milliseconds. */
const pause = 1000;

/** The points of a field, oldest first. */
export interface Points {
	/** Lines of the messages. */
	seqs: number[];
	/** Milliseconds since the epoch, never decreasing. */
	times: number[];
	values: number[];
	/** What is missing, in words. */
	cut?: string;
}

interface Loaded extends Points {
	end: SeriesEnd;
}

/**
 * Loads the points of fields, one field after another, and afterwards only the new ones. A hidden page asks for nothing.
 */
export class PointLoader {
	private readonly loaded = new Map<string, Loaded>();
	/** When each field was asked for the last time. */
	private readonly asked = new Map<string, number>();
	/** Fields for which new messages may have arrived since. */
	private readonly pending = new Map<string, ChartField>();
	private fields: readonly ChartField[] = [];
	private timer: ReturnType<typeof setTimeout> | undefined;
	private isBusy = false;
	private isFailing = false;

	constructor(
		private readonly remote: Pick<Remote<ReadApi>, 'series'>,
		private readonly changed: () => void,
		private readonly failed: (error: unknown) => void,
	) {}

	/** Undefined until the field was loaded for the first time. */
	of(field: ChartField): Points | undefined {
		return this.loaded.get(fieldKey(field));
	}

	/** Reports the fields that are shown and that messages may have arrived. */
	want(fields: readonly ChartField[]): void {
		this.fields = fields;
		this.pending.clear();
		for (const field of fields) this.pending.set(fieldKey(field), field);
		for (const map of [this.loaded, this.asked])
			for (const key of map.keys()) if (!this.pending.has(key)) map.delete(key);
		this.next();
	}

	stop(): void {
		this.pending.clear();
		clearTimeout(this.timer);
	}

	/** When the next query for a field is allowed; at once for one that was never asked for. */
	private due(key: string): number {
		const last = this.asked.get(key);
		return last === undefined ? 0 : last + pause;
	}

	private next(): void {
		clearTimeout(this.timer);
		if (this.isBusy || this.pending.size === 0 || document.hidden) return;
		const due = Math.min(...[...this.pending.keys()].map((key) => this.due(key)));
		this.timer = setTimeout(() => void this.load(), Math.max(0, due - performance.now()));
	}

	/** Reports the first of several failures: the same one would come back every second. */
	private async ask(query: SeriesQuery): Promise<Series | undefined> {
		try {
			const series = await this.remote.series(query);
			this.isFailing = false;
			return series;
		} catch (error) {
			if (!this.isFailing) this.failed(error);
			this.isFailing = true;
			return undefined;
		}
	}

	private async load(): Promise<void> {
		this.isBusy = true;
		let isAsked = false;
		for (const [key, { target, way, path }] of [...this.pending]) {
			if (this.due(key) > performance.now()) continue;
			this.pending.delete(key);
			isAsked = true;
			this.asked.set(key, performance.now());
			const earlier = this.loaded.get(key);
			const part = earlier ? { most: maxNew, after: earlier.end } : { most: maxPoints };
			const query = { target, way, path, ...part };
			const series = await this.ask(query);
			const isShown = this.fields.some((field) => fieldKey(field) === key);
			if (series && isShown) this.loaded.set(key, joined(earlier, series));
		}
		this.isBusy = false;
		// A timer may fire a fraction of a millisecond before any field is due.
		if (isAsked) this.changed();
		this.next();
	}
}

function joined(earlier: Points | undefined, { seqs, times, values, end, continues, cut }: Series): Loaded {
	const before = continues && earlier ? earlier : { seqs: [], times: [], values: [] };
	let last = before.times.at(-1) ?? Number.NEGATIVE_INFINITY;
	// A clock that was set back must not turn the line around.
	const rising = times.map((time) => {
		last = Math.max(last, time);
		return last;
	});
	const lost = cut ?? (continues ? earlier?.cut : undefined);
	return {
		seqs: [...before.seqs, ...seqs].slice(-maxPoints),
		times: [...before.times, ...rising].slice(-maxPoints),
		values: [...before.values, ...values].slice(-maxPoints),
		end,
		...(lost === undefined ? {} : { cut: lost }),
	};
}
