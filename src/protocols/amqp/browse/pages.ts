import { isRecord } from '../../../base/check';
import { fail } from '../../../base/failure';
import type { Management } from './management';

export interface Listed<T> {
	total: number;
	items: T[];
}

export type Json = Record<string, unknown>;

/** Entries of one page, the maximum that RabbitMQ allows. */
const pageSize = 500;
/** Milliseconds for which an answer is cached, since a tree reads the same one several times. */
const cachedFor = 1500;

/** Lists of the management API. */
export interface Pages {
	/** `count` entries from `offset` on, of a list that RabbitMQ serves in pages. */
	list<T>(path: string, offset: number, count: number, of: (value: Json) => T): Promise<Listed<T>>;
	/** A list that RabbitMQ serves as a whole. */
	whole(path: string): Promise<Json[]>;
	one<T>(path: string, of: (value: Json) => T): Promise<T>;
	forget(): void;
}

export function createPages(management: Pick<Management, 'get'>): Pages {
	const answers = new Map<string, { at: number; answer: Promise<unknown> }>();

	function get(path: string): Promise<unknown> {
		const cached = answers.get(path);
		if (cached && performance.now() - cached.at < cachedFor) return cached.answer;
		const answer = management.get(path);
		if (answers.size > 200) answers.clear();
		answers.set(path, { at: performance.now(), answer });
		answer.catch(() => answers.delete(path));
		return answer;
	}

	async function page(path: string, index: number): Promise<Listed<Json>> {
		const answer = await get(`${path}?page=${index}&page_size=${pageSize}&pagination=true`);
		const items = isRecord(answer) ? answer.items : undefined;
		if (!isRecord(answer) || !Array.isArray(items))
			throw fail('not-management', 'The management API’s answer is not a list.');
		const total = typeof answer.filtered_count === 'number' ? answer.filtered_count : items.length;
		return { total, items: items.filter(isRecord) };
	}

	return {
		async list(path, offset, count, of) {
			const items: ReturnType<typeof of>[] = [];
			let total = 0;
			for (let at = offset; at < offset + Math.max(1, count); ) {
				const index = Math.floor(at / pageSize);
				// RabbitMQ answers a page beyond the last one with an error.
				if (at > offset && at >= total) break;
				const found = await page(path, index + 1);
				total = found.total;
				const start = at - index * pageSize;
				const part = found.items.slice(start, start + offset + count - at);
				items.push(...part.map(of));
				if (part.length === 0) break;
				at += part.length;
			}
			return { total, items };
		},
		async whole(path) {
			const answer = await get(path);
			if (!Array.isArray(answer)) throw fail('not-management', 'The management API’s answer is not a list.');
			return answer.filter(isRecord);
		},
		async one(path, of) {
			const answer = await get(path);
			if (!isRecord(answer)) throw fail('not-management', 'The management API’s answer is not an object.');
			return of(answer);
		},
		forget: () => answers.clear(),
	};
}
