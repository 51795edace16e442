import type { Action } from '../../description';
import { discoverFields } from './fields';
import type { CoapAction } from './ids';

export const actions: readonly Action<CoapAction>[] = [
	{ id: 'ping', label: 'Ping', icon: 'pulse', group: 'read', on: { connection: true } },
	{
		id: 'discover',
		label: 'Find Devices by Multicast…',
		icon: 'broadcast',
		group: 'read',
		on: { connection: true },
		sideEffect: 'Requests the resources of every CoAP device that the multicast reaches.',
		fields: discoverFields,
	},
	{ id: 'rediscover', label: 'Refresh Resources', icon: 'refresh', group: 'read', on: { connection: true } },
];
