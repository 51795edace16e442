import type { TreeRow } from '../../src/model/contracts/topic';
import type { ComposeTo } from './compose/compose-store';
import type { PanelStore } from './store';

/** Closes the detail if its message is not at or below a path. */
async function closeDetailOutside(store: PanelStore, path: string): Promise<void> {
	const { selected, remote, describe } = store;
	if (selected === undefined) return;
	const target = await remote.detail(selected).then(
		({ row }) => row.target,
		() => undefined,
	);
	const isBelow = describe.separator !== undefined && target?.startsWith(path + describe.separator) === true;
	if (store.selected !== selected || target === path || isBelow) return;
	store.selected = undefined;
	store.keep({ selected: undefined });
}

/** Shows the messages of a topic or level in the log, and the latest one of exactly this topic in the detail. */
export function chooseTopic(store: PanelStore, row: Pick<TreeRow, 'path' | 'seq' | 'time'>): void {
	store.filterTarget({ kind: 'below', value: row.path });
	if (row.seq === undefined) void closeDetailOutside(store, row.path);
	else store.select(row.seq, row.time);
	if (store.width === 'narrow') store.layout({ tab: 'messages' });
}

/** Like `chooseTopic`, for a target whose row is not at hand. Does not change the tab of a narrow panel. */
export async function chooseTarget(store: PanelStore, path: string): Promise<void> {
	store.filterTarget({ kind: 'below', value: path });
	const query = { expanded: [], offset: 0, count: 0, pinned: [path] };
	const page = await store.remote.tree(query).catch(() => undefined);
	const row = page?.pinned?.[0];
	if (row?.seq === undefined) await closeDetailOutside(store, path);
	else store.select(row.seq, row.time);
}

/** Selects a topic in the tree, filters the log by it and fills the compose form. An empty path only fills the form. */
export async function reveal(
	store: PanelStore,
	path: string,
	compose: boolean,
	fill?: Partial<ComposeTo>,
): Promise<void> {
	await store.views.updateComplete;
	if (path !== '') {
		if (compose) store.filterTarget({ kind: 'below', value: path });
		else await chooseTarget(store, path);
		await store.views.tree?.reveal(path);
	}
	// A complete target leaves the payload to be written.
	if (compose) store.compose.to({ target: path, ...fill }, fill?.target !== undefined);
}
