import { Coalescer } from '../../../../base/coalesce';
import { type Disposable, DisposableStore } from '../../../../base/disposable';
import type { Event } from '../../../../base/event';
import { isActive } from '../rule-run';
import type { RuleStates } from '../states';
import type { RulesFrame } from './frame';
import { detailsOf, type RuleNode, ruleAppearance, ruleItem } from './items';
import type { RememberedRules } from './remembered';
import type { RuleFile, RuleList } from './rule-list';

/** Minimum interval between new rows, in milliseconds. */
const rowsInterval = 200;
/** Minimum interval between new figures in the rows, in milliseconds. */
const figuresInterval = 1000;

/** Fills the section "Rules" of the sidebar. It exists while the workspace or an open document has rules. */
export function createRulesView(
	frame: RulesFrame,
	list: RuleList,
	states: RuleStates,
	remembered: RememberedRules,
	onSessions: Event<string>,
): Disposable {
	const lifetime = new DisposableStore();
	/** The rows by their id: a row stays the same object while its rule exists. */
	const nodes = new Map<string, RuleNode>();
	const drawn = new Map<string, string>();
	let files: RuleFile[] = [];
	let structure = '';

	function keep<T extends RuleNode>(node: T): T {
		const existing = nodes.get(node.id);
		const kept = existing ? (Object.assign(existing, node) as T) : node;
		nodes.set(node.id, kept);
		return kept;
	}

	function rowsOf({ uri, rules }: RuleFile): Extract<RuleNode, { kind: 'rule' }>[] {
		return rules.map((rule) => {
			const { run, key, gone, signature } = rule;
			return keep({
				...{ kind: 'rule', id: `${uri}\n${gone ? 'gone ' : ''}${key}`, ...rule },
				waitsFor: run ? states.waitsFor(run) : [],
				changed: !gone && run !== undefined && isActive(run) && signature !== run.signature,
				interrupted: !run && remembered.has(uri.toString(), key),
			});
		});
	}

	function children(node: RuleNode | undefined): RuleNode[] {
		if (!node) return files.map(({ uri }) => keep({ kind: 'file', id: uri.toString(), uri }));
		if (node.kind === 'rule') return detailsOf(node).map(keep);
		const file = files.find(({ uri }) => uri.toString() === node.id);
		return file ? rowsOf(file) : [];
	}

	const report = frame.fill<RuleNode>({
		children,
		item(node) {
			const item = ruleItem(node);
			drawn.set(node.id, ruleAppearance(item));
			return item;
		},
		parent: (node) =>
			node.kind === 'file' ? undefined : nodes.get(node.kind === 'rule' ? node.uri.toString() : node.rule.id),
	});

	/** Reports rows that appear different, or everything if there are other rows. */
	function refresh(): void {
		const uris = files.map(({ uri }) => uri.toString());
		const groups = files.map(rowsOf);
		const rows = groups.flat();
		frame.context('hasRules', rows.length > 0);
		frame.context(
			'rulesRunning',
			rows.some(({ run }) => run && isActive(run)),
		);
		frame.context(
			'rulesEnded',
			rows.some(({ interrupted }) => interrupted),
		);
		const now = JSON.stringify([uris, groups.map((own) => own.map(({ id }) => id))]);
		if (now !== structure) {
			structure = now;
			const known = new Set([...uris, ...rows.map(({ id }) => id)]);
			for (const id of nodes.keys()) if (!known.has(id)) nodes.delete(id);
			drawn.clear();
			report(undefined);
			return;
		}
		for (const row of rows) {
			const before = drawn.get(row.id);
			if (before !== undefined && before !== ruleAppearance(ruleItem(row))) report(row);
		}
	}

	const update = lifetime.add(
		new Coalescer(rowsInterval, () => {
			files = list.files();
			refresh();
		}),
	);
	const redraw = lifetime.add(
		new Coalescer(figuresInterval, () => {
			if (frame.visible) refresh();
		}),
	);
	lifetime.add(list.onChanged(() => update.request()));
	for (const event of [states.onFigures, onSessions, frame.onVisibility] as const)
		lifetime.add((event as (listener: () => void) => Disposable)(() => redraw.request()));
	update.request();
	return lifetime;
}
