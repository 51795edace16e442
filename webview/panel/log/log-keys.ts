import { isMenuKey } from '../../controls/menu';
import type { LogFind } from './find/log-find';
import { hasCommandKey } from './log-commands';
import type { Picking } from './picking';

/** What keys do in the list of rows. */
interface KeyHost {
	readonly picking: Picking;
	readonly find: LogFind;
	copy(): void;
	toEnd(): void;
	openDetail(): void;
	openMenu(position: number): void;
}

/** The action of a key in the list of rows; undefined if it means nothing there. */
export function rowKey(event: KeyboardEvent, host: KeyHost): (() => void) | undefined {
	const { picking, find } = host;
	const { active } = picking;
	if (hasCommandKey(event)) {
		const key = event.key.toLowerCase();
		if (key === 'c') return () => host.copy();
		if (key === 'a') return () => picking.selectAll();
		if (key === 'end') return () => host.toEnd();
		if (key === ' ' && active !== undefined) return () => picking.toggle(active);
	}
	if (event.key === 'Escape' && find.isOpen) return find.close;
	if (event.key === 'Escape' && picking.selection.size > 0) return () => picking.clear();
	if (active === undefined) return undefined;
	if (event.key === 'Enter') return () => host.openDetail();
	if (isMenuKey(event)) return () => host.openMenu(active);
	return undefined;
}

/** The action of a key anywhere in the panel. */
export function panelKey(
	event: KeyboardEvent,
	find: LogFind,
	stepMarked: (by: -1 | 1) => void,
): (() => void) | undefined {
	if (hasCommandKey(event) && event.key.toLowerCase() === 'f') return find.open;
	if (event.key === 'F8' && !event.ctrlKey && !event.metaKey && !event.altKey)
		return () => stepMarked(event.shiftKey ? -1 : 1);
	if (event.key === 'F3' && find.isOpen) return () => find.step(event.shiftKey ? -1 : 1);
	return undefined;
}
