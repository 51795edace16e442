/** Milliseconds for which an answer is kept, since a tree reads the same one several times. */
const keptFor = 1500;
const maxKept = 500;

export interface Answers {
	/** The answer of `ask`, or that of a moment ago under the same name. Failures are not kept. */
	get<T>(name: string, ask: () => Promise<T>): Promise<T>;
	forget(): void;
}

export function createAnswers(): Answers {
	const kept = new Map<string, { at: number; answer: Promise<unknown> }>();
	return {
		get<T>(name: string, ask: () => Promise<T>): Promise<T> {
			const had = kept.get(name);
			if (had && performance.now() - had.at < keptFor) return had.answer as Promise<T>;
			if (kept.size >= maxKept) kept.clear();
			const answer = ask();
			kept.set(name, { at: performance.now(), answer });
			answer.catch(() => kept.delete(name));
			return answer;
		},
		forget: () => kept.clear(),
	};
}
