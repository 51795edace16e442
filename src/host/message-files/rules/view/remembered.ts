import { isRecord } from '../../../../base/check';
import type { Disposable } from '../../../../base/disposable';
import type { RuleRuns } from '../registry';
import { isActive } from '../rule-run';

const stateKey = 'runningRules';
/** Most rules that are remembered. */
const maxRemembered = 500;

/** The part of VS Code's workspace state that is used. */
interface State {
	get(key: string): unknown;
	update(key: string, value: unknown): PromiseLike<void>;
}

/** Remembers which rules run, because they end with the window and are started again by the user only. */
export interface RememberedRules extends Disposable {
	/** The rule was running when the window ended, and has not been started since. */
	has(uri: string, key: string): boolean;
}

export function createRememberedRules(state: State, runs: RuleRuns): RememberedRules {
	const ended = new Set(readState(state.get(stateKey)));
	let saved = '';
	return {
		has: (uri, key) => ended.has(nameOf(uri, key)),
		dispose: runs.onChanged(() => {
			for (const { uri, key } of runs.all) ended.delete(nameOf(uri.toString(), key));
			const active = runs.all.filter(isActive).slice(0, maxRemembered);
			const list = active.map(({ uri, key }) => ({ uri: uri.toString(), key }));
			const text = JSON.stringify(list);
			if (text === saved) return;
			saved = text;
			void state.update(stateKey, list);
		}).dispose,
	};
}

const nameOf = (uri: string, key: string) => `${uri}\n${key}`;

function readState(value: unknown): string[] {
	const names: string[] = [];
	for (const one of Array.isArray(value) ? value : []) {
		const { uri, key } = isRecord(one) ? one : {};
		if (typeof uri === 'string' && typeof key === 'string') names.push(nameOf(uri, key));
	}
	return names;
}
