import type { Cluster } from '../cluster';
import { archive, billing } from './consumers';
import { accounts, orders, payments, shipments, users } from './shop';
import { World } from './world';

/** Creates the playground's topics and groups, and keeps them moving. Returns the end of it. */
export function startLife(cluster: Cluster): () => void {
	const world = new World(cluster);
	for (const part of [orders, shipments, users, accounts, payments, billing, archive]) part(world);
	return () => world.close();
}
