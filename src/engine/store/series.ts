import type { Decoding, Series, SeriesQuery } from '../../model/contracts/message';
import type { ChartedNumber } from '../decode/decode';
import type { Log } from './log/log';
import type { Rows } from './rows';

/** Maximum number of points of an answer. */
const maxPoints = 10_000;
/** A larger payload is not searched for numbers. Bytes. */
export const maxCharted = 256 * 1024;
/** Maximum time that one answer may block the event loop, in milliseconds. */
const seriesMs = 100;
/** Number of messages that are examined for a decoding with numbers. */
const maxExamined = 10;

export interface SeriesSource {
	log: Log;
	rows: Rows;
	/** The best fitting decoding of a message that can contain numbers. */
	decodingOf(seq: number): Decoding | undefined;
	numberAt(seq: number, decoding: Decoding, path: string): ChartedNumber | undefined;
}

export interface SeriesReader {
	series(query: SeriesQuery): Series;
	/** Starts all series again after the log was cleared. */
	cleared(): void;
}

/** At most `most` of the lines, evenly distributed, and their distance. */
function sample(seqs: readonly number[], most: number): { seqs: readonly number[]; step: number } {
	const step = Math.max(1, Math.ceil(seqs.length / Math.max(1, most)));
	return { seqs: step === 1 ? seqs : seqs.filter((_, at) => at % step === 0), step };
}

/** Reads numbers of a target over time. A query that continues an earlier answer reads new messages only. */
export function createSeries({ log, rows, decodingOf, numberAt }: SeriesSource): SeriesReader {
	/** Identifies the content of the log: changes when it is cleared, and differs from that of another session. */
	let id = Date.now();

	function decodingOn({ target, way }: SeriesQuery, from: number): Decoding | undefined {
		let examined = 0;
		for (const seq of rows.on(target, way, from, log.next)) {
			if (examined++ === maxExamined) return undefined;
			const decoding = decodingOf(seq);
			if (decoding) return decoding;
		}
		return undefined;
	}

	return {
		series(query) {
			const { target, way, path, most, after, exact } = query;
			const continues = after !== undefined && after.log === id && after.seq <= log.next;
			const from = continues ? after.seq : 0;
			const answer: Series = { seqs: [], times: [], values: [], end: { log: id, seq: log.next }, continues };
			const digits: string[] = [];
			const decoding = decodingOn(query, from);
			const found = decoding ? rows.on(target, way, from, log.next) : [];
			const { seqs, step } = continues ? sample([...found], most) : { seqs: found, step: 1 };
			const stop = performance.now() + seriesMs;
			let large = 0;
			let slow = false;
			for (const seq of seqs) {
				if (answer.values.length >= Math.min(most, maxPoints)) break;
				slow = performance.now() > stop;
				if (slow) break;
				if (rows.payload(seq).length > maxCharted) large++;
				const number = numberAt(seq, decoding as Decoding, path);
				if (!number) continue;
				const { segment, row } = rows.place(seq);
				answer.seqs.push(seq);
				answer.times.push(segment.time[row] as number);
				answer.values.push(number.value);
				if (exact) digits.push(number.digits);
			}
			for (const list of [answer.seqs, answer.times, answer.values, digits]) list.reverse();
			const cut = [
				step > 1 ? `only one of ${step} messages is drawn, because too many arrive` : '',
				large > 0 ? `${large} of more than ${maxCharted / 1024} KB not shown` : '',
				slow ? 'older ones omitted: reading them would take too long' : '',
			].filter(Boolean);
			return { ...answer, ...(exact ? { digits } : {}), ...(cut.length > 0 ? { cut: cut.join('; ') } : {}) };
		},
		cleared() {
			id = Math.max(id + 1, Date.now());
		},
	};
}
