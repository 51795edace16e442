/** Time after which the next question is sent although the previous one has no answer. Milliseconds. */
const timeoutMs = 10_000;

/**
 * Sends one question at a time, and only the newest: a question that comes while another is under way replaces any that
 * was waiting. A hidden page sends nothing; its last question is sent when the page is shown again.
 */
export class Latest<Q, A> {
	private waiting: { question: Q } | undefined;
	private busy: symbol | undefined;

	constructor(
		private readonly ask: (question: Q) => Promise<A>,
		private readonly answered: (answer: A, question: Q) => void,
		private readonly failed: (error: unknown, question: Q) => void,
	) {
		document.addEventListener('visibilitychange', () => this.next());
	}

	want(question: Q): void {
		this.waiting = { question };
		this.next();
	}

	get idle(): boolean {
		return !this.busy && !this.waiting;
	}

	private next(): void {
		if (this.busy || !this.waiting || document.hidden) return;
		const { question } = this.waiting;
		this.waiting = undefined;
		const turn = Symbol('turn');
		this.busy = turn;
		const over = () => {
			if (this.busy !== turn) return false;
			this.busy = undefined;
			return true;
		};
		const timer = setTimeout(() => over() && this.next(), timeoutMs);
		this.ask(question)
			.then(
				(answer) => over() && this.answered(answer, question),
				(error) => over() && this.failed(error, question),
			)
			.finally(() => {
				clearTimeout(timer);
				this.next();
			});
	}
}
