import { icon } from '../../controls/icons';
import type { MenuItem } from '../../controls/menu';
import type { PanelStore } from '../store';

/** The menu item that pins or unpins a target; none for a target that cannot be pinned. */
export function pinItem({ pins }: PanelStore, path: string | undefined): MenuItem[] {
	if (path === undefined || !pins.canPin(path)) return [];
	const isPinned = pins.has(path);
	return [{ label: isPinned ? 'Unpin' : 'Pin', icon: icon(isPinned ? 'pinned' : 'pin'), run: () => pins.toggle(path) }];
}
