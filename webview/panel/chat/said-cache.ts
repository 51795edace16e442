import type { Remote } from '../../../src/base/rpc';
import type { Said } from '../../../src/model/contracts/message';
import type { PanelApi } from '../../../src/model/contracts/panel-api';
import { Latest } from '../../base/latest-question';

/** Messages that are remembered, at least. */
const maxKept = 1000;

/** What the messages that are drawn say, asked for page by page. */
export class SaidCache {
	private readonly known = new Map<number, Said>();
	private readonly questions: Latest<readonly number[], Said[]>;

	constructor(remote: Remote<PanelApi>, changed: () => void, report: (error: unknown) => void) {
		this.questions = new Latest(
			(messages) => remote.said([...messages]),
			(answers, messages) => {
				if (this.known.size > maxKept) this.known.clear();
				for (const [at, seq] of messages.entries()) this.known.set(seq, answers[at] ?? {});
				changed();
			},
			report,
		);
	}

	/** Undefined until it was answered. */
	get(seq: number): Said | undefined {
		return this.known.get(seq);
	}

	/** Asks for those of the messages that are not known. */
	want(messages: readonly number[]): void {
		const missing = messages.filter((seq) => !this.known.has(seq));
		if (missing.length > 0) this.questions.want(missing.slice(-500));
	}
}
