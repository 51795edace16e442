import type { Services } from '../services';
import { isTrusted } from '../trust';
import { notify } from '../ui/notify';
import { connectProfile } from './connect';

/** Connects everything that was open before the window was reloaded, one after the other, since each may ask for a password. */
export async function reconnectAll(services: Services): Promise<void> {
	const { ended } = services.reopening;
	if (ended.length === 0) {
		void notify('information', 'No connection was open when the window was reloaded.');
		return;
	}
	for (const id of ended) await connectProfile(services, id);
}

/** Offers once after a reload to connect again. */
export async function offerReconnect(services: Services): Promise<void> {
	await services.profiles.ready;
	const { ended } = services.reopening;
	if (ended.length === 0 || !isTrusted()) return;
	const names = ended.map((id) => services.profiles.find(id)?.profile.name ?? id);
	const shown = names.length > 5 ? [...names.slice(0, 5), '…'] : names;
	const text = ended.length === 1 ? '1 connection was open' : `${ended.length} connections were open`;
	const reconnect = 'Reconnect';
	const choice = await notify('information', `${text} before the window was reloaded: ${shown.join(', ')}.`, reconnect);
	if (choice === reconnect) await reconnectAll(services);
}
