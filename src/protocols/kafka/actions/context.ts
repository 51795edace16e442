import type { Act } from '../../adapter';
import type { Groups } from '../browse/groups';
import type { Cluster } from '../cluster/cluster';

/** What actions and their questions read and change. */
export interface Context {
	cluster: Cluster;
	groups: Groups;
}

/** What an action and the question before it are about. */
export type Input = Pick<Act, 'node' | 'values'>;
