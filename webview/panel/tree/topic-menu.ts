import { capital } from '../../base/words';
import { icon } from '../../controls/icons';
import type { MenuItem } from '../../controls/menu';
import { subscribeItems } from '../node-menu';
import { pinItem } from '../pins/pin-item';
import type { PanelStore } from '../store';

/** The menu of a topic or level of the tree. `hasBelow`: there are topics below it. */
export function topicMenu(store: PanelStore, path: string, hasBelow: boolean): MenuItem[] {
	const { remote, describe } = store;
	const { words, subscription, retained, pattern } = describe;
	const copy = () => store.run(remote.copy(path));
	const items: MenuItem[] = [{ label: `Copy ${capital(words.target)}`, icon: icon('copy'), run: copy }];
	if (describe.verbs.some((verb) => verb.target !== 'none'))
		items.push({ label: `${words.send} Here`, icon: icon('send'), run: () => store.compose.to({ target: path }) });
	items.push(...subscribeItems(store, { target: path }));
	const all = hasBelow ? pattern?.below?.(path) : undefined;
	// Only for protocols without modes of receiving: those are chosen for the target itself.
	if (subscription && !subscription.modes && all !== undefined)
		items.push({ label: `${words.subscribe} to ${all}`, run: () => store.subscribe({ target: all }) });
	items.push(...pinItem(store, path));
	if (retained) items.push({ label: 'Clear Retained…', run: () => store.run(remote.clearRetained(path)) });
	return items;
}
