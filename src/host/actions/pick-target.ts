import { Coalescer } from '../../base/coalesce';
import type { Services } from '../services';
import { type Choice, createPick, itemOf } from '../ui/prompt';

const mostShown = 100;
const mostRecent = 20;

export interface AskTarget {
	title: string;
	placeholder: string;
	/** Offered while nothing is typed. */
	suggest?: readonly { target: string; label: string }[];
	/** One sentence that says what is wrong, or undefined. */
	check(target: string): string | undefined;
}

/** Asks for a topic: recent ones first, completed from the live tree while typing; anything that is valid may be typed. */
export function askTarget(services: Services, id: string, ask: AskTarget): Promise<string | undefined> {
	const { context, sessions } = services;
	const key = `recent:${id}`;
	const recent = context.workspaceState.get<string[]>(key, []);
	const pick = createPick<Choice & { target: string }>(ask.title, ask.placeholder);
	let live: readonly string[] = [];

	/** At once for what is typed, so that Enter never takes what was meant for an earlier text. */
	function show(): void {
		const typed = pick.value;
		const wrong = typed === '' ? undefined : ask.check(typed);
		const seen = new Set<string>();
		const choices: (Choice & { target: string })[] = [];
		const add = (target: string, description: string) => {
			if (seen.has(target) || !target.toLowerCase().includes(typed.toLowerCase())) return;
			seen.add(target);
			choices.push({ target, label: target, description });
		};
		if (typed !== '' && !wrong) add(typed, 'as typed');
		for (const target of recent) add(target, 'recent');
		if (typed === '') for (const { target, label } of ask.suggest ?? []) add(target, label);
		for (const target of live) add(target, '');
		if (wrong && choices.length === 0) choices.push({ target: '', label: wrong });
		pick.items = choices.map((choice) => ({ ...itemOf(choice), alwaysShow: true }));
	}

	async function complete(): Promise<void> {
		const typed = pick.value;
		const found = await completions(typed);
		if (pick.value !== typed) return;
		live = found;
		show();
	}

	async function completions(start: string): Promise<string[]> {
		try {
			return (await sessions.get(id)?.engine().complete(start, mostShown)) ?? [];
		} catch {
			return [];
		}
	}

	const completing = new Coalescer(100, () => void complete());
	pick.onDidChangeValue(() => {
		show();
		completing.request();
	});
	show();
	completing.request();
	return new Promise((resolve) => {
		pick.onDidAccept(() => {
			const target = pick.selectedItems[0]?.choice.target ?? '';
			if (target === '' || ask.check(target) !== undefined) return;
			void context.workspaceState.update(key, [target, ...recent.filter((one) => one !== target)].slice(0, mostRecent));
			resolve(target);
			pick.hide();
		});
		pick.onDidHide(() => {
			resolve(undefined);
			completing.dispose();
			pick.dispose();
		});
		pick.show();
	});
}
